/** A try-on in ten lines; see docs/api.md. */
import { form, vernis, type Schemas } from "./index";

export async function tryOn(url: string, key: string, photo: Blob, design: string): Promise<string | undefined> {
  const visit = (await vernis(url, key).POST("/v1/visitors")).data!;
  const api = vernis(url, visit.token!);
  const agreed: Schemas["ConsentRequest"] = { text_version: "2026-11", purposes: ["try_on"], signature: "tapped" };
  const consent = (await api.POST("/v1/consents", { body: agreed })).data!;
  const upload = { file: photo as unknown as string, consent_id: consent.id };
  const taken = (await api.POST("/v1/photos", { body: upload, bodySerializer: (fields) => form({ ...fields, file: photo }) })).data!;
  const body = { photo_id: taken.id, looks: [{ designs: [design] }] };
  const asked = (await api.POST("/v1/tryons", { body, params: { header: { Prefer: "wait=10" } } })).data!;
  return asked.renders[0]?.pictures["full"];
}
