/** Client of the Vernis API: openapi-fetch over the generated types, with our conventions added. */
import createClient, { type Client, type Middleware } from "openapi-fetch";
import type { components, paths } from "./schema";

export type Schemas = components["schemas"];

/** The API refused: `problem.code` is for programs, `problem.title` for people. */
export class Refused extends Error {
  constructor(readonly problem: Schemas["Problem"]) {
    super(`${problem.status} ${problem.code}: ${problem.detail || problem.title}`);
  }
}

/** POSTs carry an Idempotency-Key, so that a repeated one does nothing twice; refusals are thrown. */
const conventions: Middleware = {
  onRequest({ request }) {
    if (request.method === "POST" && !request.headers.has("Idempotency-Key")) {
      request.headers.set("Idempotency-Key", crypto.randomUUID());
    }
    return request;
  },
  async onResponse({ response }) {
    if (response.headers.get("Content-Type")?.startsWith("application/problem+json")) {
      throw new Refused((await response.json()) as Schemas["Problem"]);
    }
  },
};

/** The API at one address, for the holder of one credential. */
export function vernis(baseUrl: string, credential?: string): Client<paths> {
  const client = createClient<paths>({
    baseUrl,
    headers: credential === undefined ? {} : { Authorization: `Bearer ${credential}` },
  });
  client.use(conventions);
  return client;
}

/** A form as multipart: the `bodySerializer` of operations that take files. */
export function form(fields: Record<string, string | Blob>): FormData {
  const data = new FormData();
  for (const [name, value] of Object.entries(fields)) data.append(name, value);
  return data;
}
