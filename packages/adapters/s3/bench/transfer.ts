// Transfers of one large object against curl and the AWS command line on the same server, alternated: medians and ratios. The
// command line signs and checks as Leat does; curl has a signed URL, and does neither for the content. Without TLS, curl uploads
// once more with a signature of the content, whose hash it is given: then the server has to check it as it does for Leat.
//
//   node --conditions=@leat/source --import=tsx packages/adapters/s3/bench/transfer.ts [MiB] [rounds] [servers]
import { execFile } from "node:child_process";
import { createHash } from "node:crypto";
import { mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { promisify } from "node:util";
import { CreateBucketCommand, GetObjectCommand, PutObjectCommand, S3Client } from "@aws-sdk/client-s3";
import { getSignedUrl } from "@aws-sdk/s3-request-presigner";
import { pythonPrograms, type S3Server, startS3, startVersitygw } from "@leat-internal/dev-servers";
import type { S3ConnectionSettings } from "@leat/s3";
import { compareRates } from "../../../../bench/lib/rates.ts";
import { patternOf } from "../test/pattern.ts";

const MIB = 1024 ** 2;
const BUCKET = "bench";
const [, , mebibytes = "256", rounds = "5", ...words] = process.argv;

type Connection = S3ConnectionSettings & {
  readonly endpoint: string;
  readonly credentials: { readonly accessKeyId: string; readonly secretAccessKey: string };
};

/** Starts a server, and gives the way to it and what stops it. */
type Opening = () => Promise<{ readonly connection: Connection; stop(): Promise<void> }>;

const SERVERS: Readonly<Record<string, Opening>> = {
  ceph: async () => {
    const server = await startS3();
    return { connection: connectionOf(server), stop: () => server.stop() };
  },
  "ceph-tls": async () => {
    const server = await startS3();
    const connection = { ...connectionOf(server), endpoint: server.tlsEndpoint, ca: server.ca };
    return { connection, stop: () => server.stop() };
  },
  versitygw: async () => {
    const server = await startVersitygw();
    return { connection: connectionOf(server), stop: () => server.stop() };
  },
};

const run = promisify(execFile);
const AWS = join(pythonPrograms("awscli-1.46.3", ["awscli==1.46.3"]), "aws");
const directory = await mkdtemp(join(tmpdir(), "leat-s3-bench-"));
for (const [name, open] of Object.entries(SERVERS)) {
  if (words.length === 0 || words.includes(name)) await measure(name, open);
}
await rm(directory, { recursive: true });

async function measure(name: string, open: Opening): Promise<void> {
  const { connection, stop } = await open();
  try {
    await compare(name, connection);
  } finally {
    await stop();
  }
}

function connectionOf({ endpoint, region, accessKeyId, secretAccessKey }: S3Server): Connection {
  return { endpoint, region, credentials: { accessKeyId, secretAccessKey } };
}

async function compare(name: string, connection: Connection): Promise<void> {
  const { endpoint, region = "", credentials, ca } = connection;
  const requestHandler = { httpsAgent: ca === undefined ? {} : { ca } };
  const sdk = new S3Client({ endpoint, region, credentials, requestHandler, forcePathStyle: true } as object);
  await sdk.send(new CreateBucketCommand({ Bucket: BUCKET }));
  const paths = ["source", "small", "received", "ca.pem"].map((name) => join(directory, name));
  const [file, small, received, authority] = paths as [string, string, string, string];
  await writeFile(file, patternOf(Number(mebibytes) * MIB));
  await writeFile(small, Buffer.alloc(1024 * 1024));
  await writeFile(authority, ca ?? "");
  const store = { kind: "s3", path: `s3://${BUCKET}/leat`, connection } as const;
  const at = { Bucket: BUCKET, Key: "curl" };
  const putUrl = await getSignedUrl(sdk, new PutObjectCommand(at));
  const getUrl = await getSignedUrl(sdk, new GetObjectCommand(at));
  const trust = ca === undefined ? [] : ["--cacert", authority];
  const curl = (...args: string[]) => run("curl", ["--silent", "--fail", "--show-error", ...trust, ...args]);
  const size = { mebibytes: Number(mebibytes), rounds: Number(rounds) };
  const aws = (...args: string[]) =>
    run(AWS, ["--endpoint-url", endpoint, "s3", "cp", "--only-show-errors", ...args], {
      env: {
        ...process.env,
        AWS_DEFAULT_REGION: region,
        AWS_ACCESS_KEY_ID: connection.credentials.accessKeyId,
        AWS_SECRET_ACCESS_KEY: connection.credentials.secretAccessKey,
        // Over TLS it sends checksums in a form that Ceph 16 refuses.
        ...(ca === undefined
          ? {}
          : { AWS_CA_BUNDLE: authority, AWS_REQUEST_CHECKSUM_CALCULATION: "when_required" }),
      },
    });
  const inS3 = (name: string): string => `s3://${BUCKET}/${name}`;
  const upload = { what: `${name} upload`, leat: { store, direction: "upload", file, small } } as const;
  const download = {
    what: `${name} download`,
    leat: { store, direction: "download", file: received, small },
  } as const;
  await compareRates(
    { ...upload, reference: { name: "curl", run: () => curl("--upload-file", file, putUrl) } },
    size,
  );
  await compareRates(
    { ...download, reference: { name: "curl", run: () => curl("--output", received, getUrl) } },
    size,
  );
  if (ca === undefined) {
    // In a file, the secret is in no list of processes.
    const login = join(directory, "curl.conf");
    await writeFile(login, `user = "${credentials.accessKeyId}:${credentials.secretAccessKey}"`);
    const signed = ["--aws-sigv4", `aws:amz:${region}:s3`, "--config", login];
    const hash = createHash("sha256")
      .update(await readFile(file))
      .digest("hex");
    const headers = ["--header", `x-amz-content-sha256: ${hash}`];
    const url = `${endpoint}/${BUCKET}/curl`;
    const runSigned = () => curl(...signed, ...headers, "--upload-file", file, url);
    await compareRates({ ...upload, reference: { name: "curl, content signed", run: runSigned } }, size);
  }
  const toAws = {
    name: "aws s3 cp",
    run: () => aws(file, inS3("aws")),
    runSmall: () => aws(small, inS3("aws-small")),
  };
  const fromAws = {
    name: "aws s3 cp",
    run: () => aws(inS3("aws"), received),
    runSmall: () => aws(inS3("aws-small"), `${received}-small`),
  };
  await compareRates({ ...upload, reference: toAws }, size);
  await compareRates({ ...download, reference: fromAws }, size);
  sdk.destroy();
}
