import { readFileSync } from "node:fs";

const {
  SFTP_HOST = "localhost",
  SFTP_PORT = "22",
  SFTP_USER,
  SFTP_KEY_FILE,
  SFTP_HOST_KEY,
  SFTP_BOX = "/outbox",
} = process.env;

/** The folder of the partner's server. */
export const box = SFTP_BOX;

/** How to reach it: with a key from a file, and the host key of `~/.ssh/known_hosts` unless one is given. */
export const partner = {
  host: SFTP_HOST,
  port: Number(SFTP_PORT),
  ...(SFTP_USER !== undefined && { user: SFTP_USER }),
  ...(SFTP_KEY_FILE !== undefined && { privateKey: readFileSync(SFTP_KEY_FILE, "utf8") }),
  ...(SFTP_HOST_KEY !== undefined && { hostKeySha256: SFTP_HOST_KEY }),
};
