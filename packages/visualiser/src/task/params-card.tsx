import type { TaskDetails } from "../api/types.ts";

/** The parameters; hidden ones are marked, private ones never leave the worker. */
export function ParamsCard({ task: { params, paramVisibilities = {} } }: { readonly task: TaskDetails }) {
  const names = Object.keys(params);
  return (
    <section class="card" aria-label="Parameters">
      <h2>Parameters</h2>
      {names.length === 0 ? (
        <p class="quiet">None.</p>
      ) : (
        <dl class="pairs">
          {names.map((name) => (
            <div key={name}>
              <dt>
                {name}
                {(paramVisibilities[name] ?? 0) === 0 ? null : <span class="quiet"> (hidden)</span>}
              </dt>
              <dd class="mono">{params[name]}</dd>
            </div>
          ))}
        </dl>
      )}
    </section>
  );
}
