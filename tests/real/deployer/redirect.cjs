// Preloaded by `node --require`: what the deployer sends to the fixed host of SCF goes to FACE, the host it is signed
// for included; any other host is an error, so that nothing leaves the machine.
"use strict";

const http = require("http");
const https = require("https");

const HOST = "scf.tencentcloudapi.com";
const face = new URL(process.env.FACE);

function redirected(first, ...rest) {
  const isUrl = typeof first === "string" || first instanceof URL;
  const url = isUrl ? new URL(first) : null;
  const more = isUrl && rest[0] && typeof rest[0] === "object" ? rest.shift() : {};
  const asked = isUrl ? { hostname: url.hostname, path: url.pathname + url.search, ...more } : { ...first };
  const host = String(asked.hostname || asked.host).split(":")[0];
  if (host !== HOST) {
    throw new Error(`a call to ${host}, which the test does not answer`);
  }
  const where = { protocol: "http:", hostname: face.hostname, host: face.hostname, port: face.port, agent: undefined };
  return http.request({ ...asked, ...where, headers: { ...asked.headers, Host: HOST } }, rest[0]);
}

https.request = redirected;
https.get = (...given) => {
  const request = redirected(...given);
  request.end();
  return request;
};
