"""An agency's own system, written from the contracts alone.

    agency.py PROTO_FOLDER ASSIGNMENT REPORTING DISTRICT_TOKEN DEPARTMENT_TOKEN VIEWER_TOKEN

Compiles the contracts, pushes a measurement of the district 193 and a self-assessment of the department
22-SNV, tries to write for another agency, and waits for the rollup to change.
"""

import pathlib
import sys
import tempfile
import threading
import uuid

import grpc
from grpc_tools import protoc

proto, assignment, reporting, district, department, viewer = sys.argv[1:7]

out = tempfile.mkdtemp()
files = [str(path) for path in pathlib.Path(proto).rglob("*.proto")]
include = str(pathlib.Path(protoc.__file__).parent / "_proto")
if protoc.main(["protoc", f"-I{proto}", f"-I{include}", f"--python_out={out}", f"--grpc_python_out={out}", *files]):
    sys.exit("the contracts do not compile")
sys.path.insert(0, out)

from cchc.assignment.v1 import assessment_service_pb2 as assessments  # noqa: E402
from cchc.assignment.v1 import assessment_service_pb2_grpc as assessments_grpc  # noqa: E402
from cchc.assignment.v1 import measurement_service_pb2 as measurements  # noqa: E402
from cchc.assignment.v1 import measurement_service_pb2_grpc as measurements_grpc  # noqa: E402
from cchc.common.v1 import decimal_pb2  # noqa: E402
from cchc.reporting.v1 import rollup_service_pb2 as rollups  # noqa: E402
from cchc.reporting.v1 import rollup_service_pb2_grpc as rollups_grpc  # noqa: E402


def channel(address):
    return grpc.insecure_channel(address.removeprefix("http://"))


def bearer(token):
    return [("authorization", f"Bearer {token}")]


def number(text):
    return decimal_pb2.Decimal(value=text)


def measurement(unit):
    return measurements.PushMeasurementsRequest(
        request_id=str(uuid.uuid4()),
        unit_code=unit,
        variable_code="HEALTH-INSURANCE",
        period="2018",
        numerator=number("930"),
        denominator=number("1000"),
        evidence="Báo cáo minh họa",
    )


changed = threading.Event()
ready = threading.Event()


def watch():
    stub = rollups_grpc.RollupServiceStub(channel(reporting))
    request = rollups.WatchRollupRequest(plan_code="QN-2018")
    seen = 0
    for update in stub.WatchRollup(request, metadata=bearer(viewer), timeout=60):
        for index in update.rollup.indices:
            for node in index.nodes:
                if node.node_id == "PAR-2018/1" and any(layer.points.value == "9.25" for layer in node.layers):
                    changed.set()
                    return
        seen += 1
        ready.set()


watcher = threading.Thread(target=watch, daemon=True)
watcher.start()
assert ready.wait(30), "the first rollup did not come"

pusher = measurements_grpc.MeasurementServiceStub(channel(assignment))
receipt = pusher.PushMeasurements(iter([measurement("193")]), metadata=bearer(district), timeout=10).receipt
assert receipt.accepted_count == 1, receipt
print("measurement accepted", receipt.receipt_id)

receipt = pusher.PushMeasurements(iter([measurement("194")]), metadata=bearer(district), timeout=10).receipt
assert receipt.accepted_count == 0 and receipt.refused_count == 1, receipt
refusal = receipt.refusals[0].violations[0]
print("refused on another agency's unit:", refusal.reason, "|", refusal.message_vi)

assessor = assessments_grpc.AssessmentServiceStub(channel(assignment))
row = assessments.PushAssessmentsRequest(
    request_id=str(uuid.uuid4()),
    plan_code="QN-2018",
    node_id="PAR-2018/1",
    unit_code="22-SNV",
    points=number("9.25"),
    evidence=["Báo cáo minh họa"],
)
receipt = assessor.PushAssessments(iter([row]), metadata=bearer(department), timeout=10).receipt
assert receipt.accepted_count == 1, receipt
print("self-assessment accepted", receipt.receipt_id)

assert changed.wait(30), "the rollup did not change"
print("the rollup changed")
