"""Extracts the actions that the stand-in for AWS answers from botocore's service models.

python3 test/services/aws/extract-model.py > test/services/aws/model.json

The file that is in the repository is that of botocore 1.43.11 (Debian 12's is too old: it does not know ResolveAlias).
A structure is an object by the names that requests or answers use, a list is a list of one, an enumeration is a text with
`|` (a long one, such as all instance types, is any text), and everything else the name of its type.
"""

import json

import botocore
import botocore.session

ACTIONS = {
    "ec2": [
        "DescribeImages",
        "DescribeInstances",
        "DescribeInstanceTypeOfferings",
        "DescribeLaunchTemplateVersions",
        "DescribeRegions",
        "DescribeSecurityGroups",
        "DescribeSubnets",
    ],
    "autoscaling": ["DescribeAutoScalingGroups", "DescribeLaunchConfigurations"],
}
LONGEST = 40


def capitalized(name):
    return name[:1].upper() + name[1:]


def name_in_query(shape, member, service):
    """EC2 writes the name for queries, or the other one in capitals (botocore/serialize.py, EC2Serializer)."""
    if service == "ec2":
        return shape.serialization.get("queryName") or capitalized(shape.serialization.get("name", member))
    return shape.serialization.get("name", member)


def name_in_answer(shape, member, _service):
    return shape.serialization.get("name", member)


def extract(shape, service, naming):
    if shape.type_name == "structure":
        return {naming(inner, member, service): extract(inner, service, naming) for member, inner in shape.members.items()}
    if shape.type_name == "list":
        return [extract(shape.member, service, naming)]
    if shape.type_name == "string" and 0 < len(shape.enum) <= LONGEST:
        return "|".join(shape.enum)
    return shape.type_name


session = botocore.session.get_session()
model = {"botocore": botocore.__version__}
for service, actions in ACTIONS.items():
    service_model = session.get_service_model(service)
    for action in actions:
        operation = service_model.operation_model(action)
        model[action] = {
            "version": service_model.api_version,
            "request": extract(operation.input_shape, service, name_in_query),
            "answer": extract(operation.output_shape, service, name_in_answer),
        }
print(json.dumps(model, separators=(",", ":")))
