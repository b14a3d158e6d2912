import { useState } from "preact/hooks";
import { signIn } from "../live/session.ts";
import { Button } from "../ui/button.tsx";
import { Toasts, attempt } from "../ui/toast.tsx";

/** Asks for a token, where leatd has tokens. */
export function SignIn({ problem }: { readonly problem: string }) {
  const [token, setToken] = useState("");
  return (
    <main class="sign-in">
      <form
        onSubmit={(event) => {
          event.preventDefault();
          attempt(signIn(token.trim()));
        }}
      >
        <img src="./leat.svg" alt="" width="44" height="44" />
        <h1>Leat</h1>
        <p class="quiet">This leatd asks for a token. It is kept in this tab until you close it.</p>
        <label class="field">
          <span>Token</span>
          <input
            type="password"
            value={token}
            autocomplete="off"
            autofocus
            aria-invalid={problem !== ""}
            aria-describedby="sign-in-problem"
            onInput={({ currentTarget }) => setToken(currentTarget.value)}
          />
        </label>
        <p id="sign-in-problem" class="sign-in-problem" role="alert">
          {problem}
        </p>
        <Button type="submit" look="main" isDisabled={token.trim() === ""}>
          Sign in
        </Button>
      </form>
      <Toasts />
    </main>
  );
}
