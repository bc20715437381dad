// A small service like Tencent SCF, as a client in another language would put it behind lines of JSON.
// It offers five operations, a clock and the outcomes of its work; no versions, aliases, account or lists.
import { createInterface } from "node:readline";

const LAG_S = 10;
const ABILITIES = [
  "CreateFunction", "GetFunction", "UpdateFunctionCode", "DeleteFunction", "Invoke", "clock", "outcome", "content",
];
const WORK = {
  Creating: { "create succeeded": "Active", "create failed": "CreateFailed", "create left no trace": null },
  Updating: { "update succeeded": "Active", "update failed": "UpdateFailed" },
  Deleting: { "delete succeeded": null, "delete failed": "DeleteFailed" },
};

let now, functions, steered;
const reset = () => { now = 0; functions = new Map(); steered = {}; };
const refuse = (error) => ({ error });

function settle() {
  for (const [name, one] of functions) {
    const ways = WORK[one.status];
    if (!ways || one.due > now) continue;
    const event = steered[one.status] ?? Object.keys(ways)[0];
    delete steered[one.status];
    if (event === "update succeeded") one.content = one.staged;
    one.status = ways[event];
    if (one.status === null) functions.delete(name);
  }
}

function begin(one, status) { one.status = status; one.due = now + LAG_S; }

const OPERATIONS = {
  CreateFunction(args, name, one) {
    if (one) return refuse("ResourceInUse.FunctionName");
    const made = { content: args.content ?? null };
    begin(made, "Creating");
    functions.set(name, made);
    return { result: {} };
  },
  GetFunction: (_args, _name, one) => ({ result: { Status: one.status, AvailableStatus: "Available" } }),
  UpdateFunctionCode(args, _name, one) {
    if (!["Active", "UpdateFailed"].includes(one.status)) return refuse("FailedOperation.UpdateFunctionCode");
    one.staged = args.content ?? one.content;
    begin(one, "Updating");
    return { result: {} };
  },
  DeleteFunction(_args, _name, one) {
    if (WORK[one.status]) return refuse("FailedOperation.DeleteFunction");
    begin(one, "Deleting");
    return { result: {} };
  },
  Invoke(_args, _name, one) {
    if (!["Active", "Updating", "UpdateFailed"].includes(one.status)) return refuse("FailedOperation.FunctionStatusError");
    return { result: { content: one.content } };
  },
};

function call(op, args) {
  settle();
  const name = `${args.Namespace ?? "default"}/${args.FunctionName}`;
  const one = functions.get(name);
  if (!one && op !== "CreateFunction") return refuse("ResourceNotFound.Function");
  return OPERATIONS[op](args, name, one);
}

function answer(request) {
  switch (request.do) {
    case "hello": return { abilities: ABILITIES };
    case "reset": reset(); return {};
    case "call": return call(request.op, request.args);
    case "advance": now += request.seconds; settle(); return {};
    case "outcome": {
      const status = Object.keys(WORK).find((each) => request.event in WORK[each]);
      if (status === undefined) return { unsupported: true };
      steered[status] = request.event;
      return {};
    }
    default: return { unsupported: true };
  }
}

reset();
for await (const line of createInterface({ input: process.stdin })) {
  const request = JSON.parse(line);
  process.stdout.write(`${JSON.stringify({ id: request.id, ...answer(request) })}\n`);
}
