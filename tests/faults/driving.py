"""Drives a service and writes down what it answers, as records of a history; knows nothing of right and wrong."""

from random import Random

SCF = ("FunctionName", "Namespace")
FC = ("functionName",)


class Driver:
    """Calls a service and keeps the records.

    Args:
        service: anything with call, and with advance, outcome and happen where it is asked for them.
        identity: names of the arguments that name a function.
        resources: names of the functions, each as it is written down; others are not written down.
    """

    def __init__(self, service, identity, resources):
        self.service = service
        self.identity = identity
        self.resources = resources
        self.records = []

    def resource(self, args):
        """The function that a call speaks of."""
        if len(self.identity) == 1:
            return args.get(self.identity[0])
        return f"{args.get('Namespace') or 'default'}/{args.get('FunctionName')}"

    def call(self, op, args):
        """Call the service and write the answer down."""
        answer = self.service.call(op, dict(args))
        told = {key: answer[key] for key in ("result", "error") if key in answer}
        if op in ("ListFunctions", "listFunctions"):
            here = f"{args.get('Namespace') or 'default'}/" if len(self.identity) == 2 else ""
            for one in self.resources:
                if one.startswith(here):
                    self.records.append({"resource": one, "op": op, "args": args, **told})
        elif op == "CopyFunction":
            self.copied(args, told)
        else:
            self.records.append({"resource": self.resource(args), "op": op, "args": args, **told})
        return answer

    def copied(self, args, told):
        """A copy is written down once in each of the two functions, a refusal in the one that refuses."""
        target = {"FunctionName": args["NewFunctionName"], "Namespace": args.get("TargetNamespace")}
        target["Override"] = args.get("Override", False)
        code = told.get("error", "")
        if not code.startswith("ResourceInUse"):
            self.records.append({"resource": self.resource(args), "op": "CopyFunction", "as": "source",
                                 "args": args, **told})  # fmt: skip
        if not code or code.startswith("ResourceInUse"):
            self.records.append({"resource": self.resource(target), "op": "CopyFunction", "as": "target",
                                 "args": target, **told})  # fmt: skip

    def happen(self, event):
        """Let something happen, and write it down for everybody if it did."""
        did = self.service.happen(event)
        if did:
            affected = getattr(self.service, "affected", self.resources)
            everybody = self.resources if event.startswith("account") else affected
            self.records.extend({"resource": one, "event": event} for one in everybody)
        return did

    def play(self, script):
        """Do the steps of a script: (operation, arguments), or (steer, value); gives the records."""
        for op, given in script:
            if op in ("advance", "outcome"):
                getattr(self.service, op)(given)
            elif op == "happen":
                self.happen(given)
            else:
                self.call(op, given)
        return self.records


class Chance:
    """Pseudo-random choices, the same for the same seed."""

    def __init__(self, seed):
        self.random = Random(seed)
        self.made = 0

    def one(self, *some):
        """One of some."""
        return self.random.choice(some)

    def may(self, share):
        """True in a share of the cases."""
        return self.random.random() < share

    def content(self):
        """New content, or now and then such as was there before."""
        self.made += not self.may(0.2)
        return f"c{self.made}"


def drive_scf(service, seed, calls):
    """Histories of some functions under legal and illegal calls."""
    driver = Driver(service, SCF, ("default/f", "default/g", "other/f", "other/g"))
    chance = Chance(seed)
    for _ in range(calls):
        steer(driver, chance, SCF_EVENTS, service.OUTCOMES)
        op = chance.one(*service.OPERATIONS, *SCF_OFTEN)
        args = scf_args(op, chance)
        driver.call(op, args)
        if op != "ListFunctions" and chance.may(0.3):
            driver.call("GetFunction", {name: args[name] for name in SCF if name in args})
    return driver.records


SCF_EVENTS = ("balance below zero", "balance exhausted", "balance restored", "account frozen", "account unfrozen")
SCF_OFTEN = (
    "CreateFunction", "UpdateFunctionCode", "UpdateFunctionCode", "PublishVersion", "PublishVersion", "GetFunction",
    "GetFunction", "GetFunction", "Invoke", "Invoke", "CreateFunction", "UpdateFunctionConfiguration",
)  # fmt: skip


def steer(driver, chance, events, outcomes):
    """Let time pass, steer an outcome, let something happen, or none of these."""
    if chance.may(0.5):
        driver.service.advance(chance.one(1, 4, 10, 30))
    if chance.may(0.1):
        driver.service.outcome(chance.one(*(one for some in outcomes.values() for one in some)))
    if chance.may(0.06):
        driver.happen(chance.one(*events))


def scf_args(op, chance):
    """Arguments for an operation, mostly such as make sense."""
    args = {}
    if op != "ListFunctions":
        args["FunctionName"] = chance.one("f", "f", "f", "g")
    if chance.may(0.2):
        args["Namespace"] = chance.one("other", "default")
    name = chance.one("$LATEST", "1", "1", "2", "3", "live", "beta", "$DEFAULT")
    number = chance.one("$LATEST", "1", "1", "2", "3", "9")
    match op:
        case "CreateFunction" | "UpdateFunctionCode" | "UpdateFunctionConfiguration":
            if op != "UpdateFunctionConfiguration":
                args["content"] = None if chance.may(0.03) else chance.content()
            if op != "CreateFunction" and chance.may(0.3):
                args["Publish"] = chance.one("TRUE", "TRUE", "FALSE", "yes")
        case "Invoke" | "InvokeFunction" | "GetFunction" if chance.may(0.7):
            args["Qualifier"] = name
        case "DeleteFunction" if chance.may(0.5):
            args["Qualifier"] = "live" if chance.may(0.05) else number
        case "DeleteFunctionVersion":
            args["Qualifier"] = number if chance.may(0.95) else None
        case "CreateAlias" | "UpdateAlias":
            args["Name"] = chance.one("live", "beta", "$DEFAULT")
            args["FunctionVersion"] = number
            if chance.may(0.3):
                weights = [{"Version": chance.one("1", "2", "$LATEST"), "Weight": 0.5}]
                args["RoutingConfig"] = {"AdditionalVersionWeights": weights}
        case "DeleteAlias" | "GetAlias":
            args["Name"] = chance.one("live", "beta", "beta", "$DEFAULT")
        case "CopyFunction":
            args["NewFunctionName"] = chance.one("f", "g")
            args["TargetNamespace"] = "other" if args["FunctionName"] == args["NewFunctionName"] else "default"
            args["Namespace"] = "default"
            if chance.may(0.5):
                args["Override"] = chance.may(0.5)
        case "ListFunctions" | "ListVersionByFunction" | "ListAliases":
            if chance.may(0.3):
                args["Limit"] = chance.one(1, 2, 100, 0, 101)
            if chance.may(0.2) and op != "ListAliases":
                args["Offset"] = chance.one(0, 1, 2, -1)
    return args


FC_EVENTS = ("account frozen", "account restored", "image deleted", "idle", "idle", "called while inactive")
FC_OFTEN = (
    "createFunction", "updateFunction", "updateFunction", "publishFunctionVersion", "publishFunctionVersion",
    "getFunction", "getFunction", "getFunction", "invokeFunction", "invokeFunction", "createFunction", "createAlias",
)  # fmt: skip


def drive_fc(service, seed, calls):
    """Histories of some functions under legal and illegal calls."""
    driver = Driver(service, FC, ("f", "g"))
    chance = Chance(seed)
    for _ in range(calls):
        steer(driver, chance, FC_EVENTS, service.OUTCOMES)
        op = chance.one(*service.OPERATIONS, *FC_OFTEN)
        args = fc_args(op, chance)
        driver.call(op, args)
        if op != "listFunctions" and chance.may(0.3):
            driver.call("getFunction", {"functionName": args["functionName"]})
    return driver.records


def fc_args(op, chance):
    """Arguments for an operation, mostly such as make sense."""
    args = {} if op == "listFunctions" else {"functionName": chance.one("f", "f", "f", "g")}
    number = chance.one("LATEST", "1", "1", "2", "3", "9")
    match op:
        case "createFunction":
            runtime = chance.one("custom-container", "custom-container", "python3.12")
            args |= {"runtime": runtime, "handler": "h", "content": None if chance.may(0.03) else chance.content()}
            if chance.may(0.1):
                args |= chance.one({"cpu": 0.06}, {"memorySize": 100}, {"diskSize": 5}, {"cpu": 1, "memorySize": 8192},
                                   {"handler": None}, {"functionName": "1f"}, {"timeout": 60})  # fmt: skip
        case "updateFunction":
            if chance.may(0.7):
                args["content"] = chance.content()
            if chance.may(0.3):
                args |= chance.one({"cpu": 0.06}, {"timeout": 30}, {"memorySize": 512}, {"runtime": "python3.12"},
                                   {"runtime": "custom-container"},
                                   {"code": {}, "customContainerConfig": {}})  # fmt: skip
        case "getFunction" | "getFunctionCode" | "invokeFunction":
            if chance.may(0.6):
                args["qualifier"] = chance.one("LATEST", "1", "1", "2", "3", "live", "beta")
            if op == "invokeFunction" and chance.may(0.3):
                args["invocationType"] = chance.one("Sync", "Async", "Async", "Dry")
        case "deleteFunctionVersion":
            args["versionId"] = number if chance.may(0.95) else None
        case "createAlias" | "updateAlias":
            args["aliasName"] = chance.one("live", "beta")
            if op == "createAlias" or chance.may(0.7):
                args["versionId"] = number
            if chance.may(0.3):
                args["additionalVersionWeight"] = chance.one({"1": 0.5}, {"2": 0.5}, {"LATEST": 0.5}, {})
        case "deleteAlias" | "getAlias":
            args["aliasName"] = chance.one("live", "beta")
        case "disableFunctionInvocation" if chance.may(0.3):
            args["abortOngoingRequest"] = chance.one("yes", chance.may(0.5))
    if op.startswith("list") and chance.may(0.3):
        args["limit"] = chance.one(1, 2, 100, 0)
    return args
