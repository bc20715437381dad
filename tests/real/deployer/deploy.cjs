// node deploy.cjs METHOD INPUTS: calls deploy or remove of the deployer; the last line is what came, as JSON.
"use strict";

const { Scf } = require("tencent-component-toolkit");

const [method, inputs] = process.argv.slice(2);
const deployer = new Scf({ SecretId: process.env.ID, SecretKey: process.env.SECRET }, "ap-guangzhou");

deployer[method](JSON.parse(inputs)).then(
  (done) => process.stdout.write(`\n${JSON.stringify({ done })}\n`),
  (error) => process.stdout.write(`\n${JSON.stringify({ error: { type: error.type, code: error.code, text: error.message } })}\n`),
);
