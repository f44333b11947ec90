// Runs one scenario with fal's JavaScript client, and prints what comes of it as JSON.
//
// The client is told where fal's hosts are, and nothing else: it goes by its own option
// for that, `fetch`, and whatever is not one of these hosts is out of reach.

import { createRequire } from "node:module";
import { join } from "node:path";
import * as scenarios from "./scenarios.mjs";

const [name, told] = process.argv.slice(2);
const { folder, hosts, given } = JSON.parse(told);
const { createFalClient } = createRequire(join(folder, "package.json"))("@fal-ai/client");

function reached(address, init) {
  const url = new URL(address);
  if (url.protocol !== "https:" || !(url.host in hosts)) {
    throw new Error(`${url.origin} is none of fal's hosts`);
  }
  return fetch(hosts[url.host] + url.pathname + url.search, init);
}

function thrown(error) {
  const { name, message, status, body, requestId, timeoutType, fieldErrors } = error;
  return { name, message, status, body, requestId, timeoutType, fieldErrors };
}

let said;
try {
  const fal = createFalClient({ fetch: reached });
  said = { returned: await scenarios[name]({ fal, reached, ...given }) };
} catch (error) {
  said = { thrown: thrown(error) };
}
console.log(JSON.stringify(said));
