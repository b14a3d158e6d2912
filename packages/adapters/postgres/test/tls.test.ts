import { execFileSync } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import os from "node:os";
import path from "node:path";
import { PostgresTarget } from "@leat/postgres";
import { afterAll, beforeAll, expect, it } from "vitest";
import { describePostgres, query, type TestServer } from "./postgres-servers.ts";

let folder = "";
beforeAll(() => {
  folder = mkdtempSync(path.join(os.tmpdir(), "leat-tls-"));
});
afterAll(() => {
  rmSync(folder, { recursive: true });
});

const file = (name: string): string => path.join(folder, name);

function openssl(...args: readonly string[]): void {
  execFileSync("openssl", args, { cwd: folder, stdio: "pipe" });
}

/** Makes an authority, and a certificate of it for `localhost` alone. */
function makeCertificates(): void {
  openssl(
    ..."req -x509 -newkey ed25519 -nodes -keyout ca.key -out ca.pem -subj /CN=Test-CA -days 2".split(" "),
  );
  openssl(..."req -newkey ed25519 -nodes -keyout server.key -out server.csr -subj /CN=localhost".split(" "));
  writeFileSync(file("names"), "subjectAltName=DNS:localhost\n");
  openssl(
    ..."x509 -req -in server.csr -CA ca.pem -CAkey ca.key -CAcreateserial -extfile names -days 2 -out server.pem".split(
      " ",
    ),
  );
}

/** Gives a running server the certificate. It writes the files itself, as it may run as another account. */
async function turnOnTls({ server }: TestServer): Promise<void> {
  for (const name of ["server.key", "server.pem"]) {
    const content = readFileSync(file(name), "utf8").trim().replaceAll("'", "''");
    const target = path.join(server.dataDirectory, name);
    await query(
      server.url,
      `copy (select regexp_split_to_table('${content}', '\n')) to program 'umask 077; cat > "${target}"'`,
    );
  }
  await query(server.url, "alter system set ssl_cert_file = 'server.pem'");
  await query(server.url, "alter system set ssl_key_file = 'server.key'");
  await query(server.url, "alter system set ssl = on");
  await server.restart();
}

describePostgres("TLS", (server) => {
  let url: URL;
  beforeAll(async () => {
    makeCertificates();
    await turnOnTls(server());
    url = new URL(server().server.url);
    url.hostname = "localhost";
  });

  const existsBy = (change: (to: URL) => void): Promise<boolean> => {
    const to = new URL(url);
    change(to);
    return new PostgresTarget("t", "a", { connection: to.href }).exists();
  };

  it("is used when the URL asks for it and the server proves its name", async () => {
    const verified = (to: URL): void => {
      to.searchParams.set("sslmode", "verify-full");
      to.searchParams.set("sslrootcert", file("ca.pem"));
    };
    expect(await existsBy(verified)).toBe(false);
    const to = new URL(url);
    verified(to);
    const [row] = await query(to.href, "select ssl from pg_stat_ssl where pid = pg_backend_pid()");
    expect(row).toEqual({ ssl: "t" });
  });

  it("refuses a server that an unknown authority vouches for", async () => {
    for (const mode of ["verify-full", "require"]) {
      await expect(existsBy((to) => to.searchParams.set("sslmode", mode))).rejects.toMatchObject({
        code: "TARGET_FORBIDDEN",
      });
    }
  });

  it("refuses a certificate for another name", async () => {
    const other = existsBy((to) => {
      to.hostname = "127.0.0.1";
      to.searchParams.set("sslmode", "verify-full");
      to.searchParams.set("sslrootcert", file("ca.pem"));
    });
    await expect(other).rejects.toMatchObject({ code: "TARGET_FORBIDDEN" });
  });
});
