import { computed, signal } from "@preact/signals";
import { ApiError, Client } from "../api/client.ts";
import type { Role, Session as SessionAnswer } from "../api/types.ts";

/** Kept for this tab only, and gone with it. */
const STORED_TOKEN = "leat.token";

type Session =
  | { readonly state: "unknown" }
  | { readonly state: "signed out"; readonly problem: string }
  | { readonly state: "open"; readonly roles: readonly Role[]; readonly needsToken: boolean };

export const session = signal<Session>({ state: "unknown" });

/** Whether the user may do what operators do. Buttons that need it are not drawn without. */
export const mayOperate = computed(
  () => session.value.state === "open" && session.value.roles.includes("operate"),
);

export const client = new Client({
  token: () => sessionStorage.getItem(STORED_TOKEN) ?? undefined,
  onUnauthorized: () => {
    if (session.value.state === "open") signOut("Your token is not accepted any more.");
  },
});

/** Asks leatd who the user is. Rejects when leatd cannot be reached. */
export async function openSession(): Promise<void> {
  try {
    const { roles, needsToken } = await client.get<SessionAnswer>("session");
    session.value = { state: "open", roles, needsToken };
  } catch (error) {
    if (!(error instanceof ApiError) || error.status !== 401) throw error;
    const hadToken = sessionStorage.getItem(STORED_TOKEN) !== null;
    signOut(hadToken ? "leatd does not know this token." : "");
  }
}

export function signIn(token: string): Promise<void> {
  sessionStorage.setItem(STORED_TOKEN, token);
  return openSession();
}

export function signOut(problem = ""): void {
  sessionStorage.removeItem(STORED_TOKEN);
  session.value = { state: "signed out", problem };
}
