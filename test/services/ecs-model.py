"""Holds requests against AWS's own API model, with botocore's validator: names, types, what is required.

botocore does not check enumerations, so the values of those are compared here. Usage: ecs-model.py MODEL, with a list of
{"operation": NAME, "params": {...}} on standard input. Prints a list of problems for each, as JSON.
"""

import gzip
import json
import sys

from botocore.model import ServiceModel
from botocore.validate import ParamValidator


def outside_enumerations(value, shape, place):
    if shape.type_name == "structure" and isinstance(value, dict):
        for name, member in shape.members.items():
            if name in value:
                yield from outside_enumerations(value[name], member, f"{place}.{name}")
    elif shape.type_name == "list" and isinstance(value, list):
        for index, each in enumerate(value):
            yield from outside_enumerations(each, shape.member, f"{place}[{index}]")
    elif shape.type_name == "string" and shape.enum and value not in shape.enum:
        yield f"{place}: {value} is none of {', '.join(shape.enum)}"


def problems(service, request):
    shape = service.operation_model(request["operation"]).input_shape
    report = ParamValidator().validate(request["params"], shape).generate_report()
    return [*report.splitlines(), *outside_enumerations(request["params"], shape, request["operation"])]


file = sys.argv[1]
with (gzip.open if file.endswith(".gz") else open)(file) as text:
    model = ServiceModel(json.load(text), "ecs")
print(json.dumps([problems(model, request) for request in json.load(sys.stdin)]))
