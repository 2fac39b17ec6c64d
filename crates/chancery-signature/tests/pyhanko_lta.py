"""What pyHanko says of PAdES files by the processes of EN 319 102-1.

    python pyhanko_lta.py TRUSTED.pem PLAN

A line of PLAN is a group of files, with tabs between: PROCESS MOMENT LIST.crl,LIST.crl FILE...
PROCESS is basic (5.3), time (5.5) or long (5.6.3, long-term availability). MOMENT is when the
judgement is made, and the lists are at hand then; nothing is fetched.

One line a signature: the number of the group from 0, file, field, status, sub-indication, whether
the changes after it are accepted, the time of its oldest document timestamp.
"""

import asyncio
import sys
from datetime import datetime
from pathlib import Path

from asn1crypto import crl
from pyhanko.keys import load_certs_from_pemder
from pyhanko.pdf_utils.reader import PdfFileReader
from pyhanko.sign.validation.ades import (
    ades_basic_validation,
    ades_lta_validation,
    ades_with_time_validation,
)
from pyhanko.sign.validation.policy_decl import (
    LocalKnowledge,
    PdfSignatureValidationSpec,
    RevinfoOnlineFetchingRule,
    RevocationInfoGatheringSpec,
    SignatureValidationSpec,
)
from pyhanko_certvalidator.context import CertValidationPolicySpec
from pyhanko_certvalidator.ltv.types import ValidationTimingInfo
from pyhanko_certvalidator.policy_decl import REQUIRE_REVINFO, CertRevTrustPolicy
from pyhanko_certvalidator.registry import SimpleTrustManager
from pyhanko_certvalidator.revinfo.archival import CRLContainer


def specification(trusted, lists):
    anchors = SimpleTrustManager.build(list(load_certs_from_pemder([trusted])))
    known = [
        CRLContainer(crl.CertificateList.load(Path(one).read_bytes()))
        for one in lists.split(",")
        if one
    ]
    return PdfSignatureValidationSpec(
        SignatureValidationSpec(
            cert_validation_policy=CertValidationPolicySpec(
                trust_manager=anchors,
                revinfo_policy=CertRevTrustPolicy(REQUIRE_REVINFO),
            ),
            revinfo_gathering_policy=RevocationInfoGatheringSpec(
                online_fetching_rule=RevinfoOnlineFetchingRule.LOCAL_ONLY
            ),
            local_knowledge=LocalKnowledge(known_crls=known),
        )
    )


def outcome(process, signature, known, timing):
    """What became of a signature: the result, whether what came after it is accepted, the time of
    its oldest document timestamp."""
    if process == "long":
        result = asyncio.run(ades_lta_validation(signature, known, timing))
        stamp = result.oldest_evidence_record_timestamp
        return result, result.api_status.docmdp_ok, stamp
    signature.compute_integrity_info()
    integrity = signature.summarise_integrity_info()
    validate = {"basic": ades_basic_validation, "time": ades_with_time_validation}[process]
    result = asyncio.run(
        validate(
            signature.signed_data,
            known.signature_validation_spec,
            timing,
            signature.compute_digest(),
        )
    )
    return result, integrity["docmdp_ok"], None


def judge(group, process, path, moment, known):
    timing = ValidationTimingInfo(moment, moment, point_in_time_validation=True)
    with open(path, "rb") as opened:
        for signature in PdfFileReader(opened).embedded_regular_signatures:
            result, is_accepted, stamp = outcome(process, signature, known, timing)
            print(
                group,
                Path(path).name,
                signature.field_name,
                result.ades_subindic.status.name,
                result.ades_subindic.name,
                "accepted" if is_accepted else "refused",
                stamp.isoformat() if stamp else "-",
            )


MOMENT = None


def set_clock():
    """pyHanko asks the machine's clock since when what is at hand exists, whatever the moment of
    validation is: here it is that moment."""

    class Whatever(type):
        def __instancecheck__(cls, one):
            return isinstance(one, datetime)

    class Clock(datetime, metaclass=Whatever):
        @classmethod
        def now(cls, tz=None):
            return MOMENT.astimezone(tz)

    for name, module in list(sys.modules.items()):
        if name.startswith("pyhanko") and getattr(module, "datetime", None) is datetime:
            module.datetime = Clock


def main():
    global MOMENT
    trusted, plan = sys.argv[1:]
    set_clock()
    for number, group in enumerate(Path(plan).read_text("utf-8").splitlines()):
        process, moment, lists, *files = group.split("\t")
        MOMENT = datetime.fromisoformat(moment)
        for path in files:
            judge(number, process, path, MOMENT, specification(trusted, lists))


if __name__ == "__main__":
    main()
