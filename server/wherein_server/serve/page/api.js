// The server's API: answers, or a Refused with one sentence.

export class Refused extends Error {
  constructor(status, message, remedy = "") {
    super(message);
    this.status = status;
    this.remedy = remedy;
  }
}

async function sent(path, options) {
  let response;
  try {
    response = await fetch(path, { credentials: "same-origin", ...options });
  } catch (error) {
    if (error.name === "AbortError") throw error;
    throw new Refused(0, "The server does not answer.", "try again in a moment");
  }
  if (response.ok) return response;
  let told = {};
  try {
    told = (await response.json()).error ?? {};
  } catch {
    // a proxy's page
  }
  throw new Refused(response.status, told.message ?? `The server answered ${response.status}.`, told.remedy);
}

/** Parameters of a request or an address; lists are given several times, what is empty not at all. */
export function parameters(given) {
  const made = new URLSearchParams();
  for (const [key, value] of Object.entries(given)) {
    for (const each of Array.isArray(value) ? value : [value]) {
      if (each !== undefined && each !== null && each !== "" && each !== false) made.append(key, each);
    }
  }
  return made;
}

const LONG = 4000; // characters of parameters that are sent in an address

/** What is found, however long the text is. Refused, or an AbortError. */
export async function find(query, signal) {
  if (parameters(query).toString().length <= LONG) return get("search", query, signal);
  const { limit, ...given } = query;
  return (await sent("/api/v1/search", posting(limit === undefined ? given : { ...given, limit }, signal))).json();
}

/** An answer of the API. Refused, or an AbortError. */
export async function get(name, query = {}, signal = undefined) {
  const asked = parameters(query).toString();
  return (await sent(`/api/v1/${name}${asked && "?"}${asked}`, { signal })).json();
}

function posting(body, signal) {
  return { method: "POST", headers: { "Content-Type": "application/json" }, body: JSON.stringify(body), signal };
}

export async function post(name, body = {}) {
  return (await sent(`/api/v1/${name}`, posting(body))).json();
}

/** Events of an answer that comes piece by piece: [name, data]. */
export async function* events(name, body, signal) {
  const response = await sent(`/api/v1/${name}`, posting(body, signal));
  const reader = response.body.pipeThrough(new TextDecoderStream()).getReader();
  let left = "";
  for (;;) {
    const { done, value } = await reader.read();
    if (done) return;
    left += value;
    for (let end = left.indexOf("\n\n"); end >= 0; end = left.indexOf("\n\n")) {
      const event = left.slice(0, end);
      left = left.slice(end + 2);
      const event_name = /^event: (.*)$/m.exec(event)?.[1];
      const data = /^data: (.*)$/m.exec(event)?.[1];
      if (event_name && data) yield [event_name, JSON.parse(data)];
    }
  }
}
