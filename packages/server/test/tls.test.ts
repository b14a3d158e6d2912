import { execFileSync } from "node:child_process";
import { readFileSync } from "node:fs";
import { request as httpsRequest } from "node:https";
import { join } from "node:path";
import { expect, it } from "vitest";
import { LeatdProcess, openServer, temporaryFolder } from "./support.ts";

/** A certificate for 127.0.0.1 that signs itself, with its key. */
function makeCertificate(): { readonly certFile: string; readonly keyFile: string } {
  const folder = temporaryFolder();
  const [certFile, keyFile] = [join(folder, "cert.pem"), join(folder, "key.pem")];
  const key = ["-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256", "-nodes", "-keyout", keyFile];
  const name = ["-subj", "/CN=localhost", "-addext", "subjectAltName=IP:127.0.0.1"];
  execFileSync("openssl", ["req", "-x509", ...key, ...name, "-days", "2", "-out", certFile], {
    stdio: "ignore",
  });
  return { certFile, keyFile };
}

function statusOver(url: string, options: object): Promise<number | undefined> {
  return new Promise((resolve, reject) => {
    const request = httpsRequest(`${url}/healthz`, options, (response) => {
      response.resume();
      resolve(response.statusCode);
    });
    request.on("error", reject).end();
  });
}

it("speaks TLS with the certificate and key of the files", async () => {
  const { certFile, keyFile } = makeCertificate();
  const args = ["--port", "0", "--state", ":memory:", "--tls-cert", certFile, "--tls-key", keyFile];
  const { url } = await LeatdProcess.start(args);
  expect(url).toMatch(/^https:/);
  expect(await statusOver(url, { ca: readFileSync(certFile) })).toBe(200);
  await expect(statusOver(url, {})).rejects.toMatchObject({ code: "DEPTH_ZERO_SELF_SIGNED_CERT" });
});

it("speaks no TLS older than 1.2", async () => {
  const { certFile, keyFile } = makeCertificate();
  const tls = { cert: readFileSync(certFile), key: readFileSync(keyFile) };
  const { url } = await openServer({ tls });
  const old = { ca: tls.cert, minVersion: "TLSv1", maxVersion: "TLSv1.1", ciphers: "DEFAULT:@SECLEVEL=0" };
  await expect(statusOver(url, old)).rejects.toThrow(/protocol|alert|version/i);
  expect(await statusOver(url, { ca: tls.cert, maxVersion: "TLSv1.2" })).toBe(200);
});

it("names a certificate that is none", async () => {
  const { keyFile } = makeCertificate();
  const tls = { cert: readFileSync(keyFile), key: readFileSync(keyFile) };
  await expect(openServer({ tls })).rejects.toMatchObject({ code: "OPTION_INVALID" });
});
