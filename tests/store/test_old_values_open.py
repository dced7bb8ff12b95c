"""Everything this version stores, in the place where it stands: does it open for ever?

If one of these no longer opens, neither does what people entrusted to this system. A new form is added beside
the old one; none of these is ever replaced.
"""

from __future__ import annotations

from uuid import UUID

import pytest

from grievance.actions.inbound import label as inbound_label
from grievance.store.config_values import (
    capsule_label,
    channel_label,
    duty_label,
    receipt_label,
    sent_to_label,
    totp_label,
)
from grievance.store.numbers import Contact, open_capsule, open_inbound, show_config
from grievance.store.receipts import Pepper
from grievance.store.sealing import Label, pair_of, unseal_whole, unwrap
from grievance.vocabulary import Language

ROW, CASE, PAIR = UUID(int=1), UUID(int=2), pair_of(bytes(range(32)))
KEY = ((1, bytes(range(32, 64))), (2, bytes(32)))

# What the first version made of these keys, ids and words.
OLD = {
    "entry": (
        "58760273fcf6bcbde7e5b4025884619289caa82f95e59d4f674bf72325facf2d745f0424b2b863051c515ac5"
        "726419fbb5640be2acff6b6eaf1352deb6de90382eb4caaa5ab4f613b70202c8134c27ad012b663036962621"
        "bcffbc24b6497c5c120da3e26b9fc9c1417d05ba1873c3d04f875cb83d1ff6cbde160271ed4a40fb78db49da"
        "086b50c37aca7ead10b7738d403b5346298be799dce42e7a0c7bc17c1253a5060dfffae4537c0a27d75f8d4a"
        "3b181e03faa758dced8adda2a375ef4aed72b70556819c75b3e0df407f935d9e904ca25bdecf1bdfb8ccf3ff"
        "bb4162ee9812cd7fd947882fc98cf52589a364e539ec7c1eca316ffe525209c107310a1f8963b998c869e63a"
        "1aa74495f35da7fa5b35046a8e128e2e2ac85ba6644105f1c458eb7dd666b4dc3b79450307a5844349c3f2e4"
        "0a36b8d74714d69384aefad521d0305ed7fd376ee1b1b00a335f117fbb3ccc7fe69582f46d842d320ba146bc"
        "033153009ea708da4a475fbf6bdefa3e77ab79c26848166fb5"
    ),
    "referral_message": (
        "2a75005d02fe73b6edc91c18fac0a6b48f79c3796409db7c238261b01eca806106a2ceb3e1f305ecbc09ad0b"
        "6ff91895fa2877c14c4872a0921467a2286b8a0d1dedd9187142c1b22f1fe434dee522d401b0760b3b831972"
        "8be35a7e7a96eb12995e8c06400cfd205fe17b3e98c4a1e650c6f75437e856c8a63321a92ab4be99949009e2"
        "b7280d3754058876142195388c4014cdfe3b6a145f14c56724cf59071a15d54d15de483ee2e25735850ba706"
        "7bec4ec7acd4ff3b09c5a89c62866c5f8d75f017979bb7bd1f6df697c482bff8662403abb40b809e83cffcd1"
        "83f03bce4928e6639db0985df25e56011656ae20639f17f677d2a075213a65cc5cc96512d94e79c34dba4bc6"
        "9c358bd0e424a1aacfb6dfe505e2264b9d85319407b7ad0c805b88223dfae3594c5cf83cb8b9c55161d8ab9e"
        "ca56b487685b8c50097e0c735cf149a998617bc9edd38e1e98b882c83d2ab176c042f695c87c07f8dc04afc7"
        "ac9a81805441a9b013dd38a93c90161c10e33ef26002ecd414"
    ),
    "outbox_text": (
        "acd5d7dbf4682a751b90743e76e6912aa40f68abb9c532741b744c42c527971d42ea2a29677533aa8ae3d38d"
        "c16fa916f6c17c798c01536947c4d42b7168b114ae649b060b6cfbe78882272b7d943fa4013af86c89a363b6"
        "ef03f820de03b820de2c8e16788497e6a88682b85e20b3c30dc313d4a68b6b97b2f28376bfd98a2ad8272f4c"
        "1bb286c76da8b0eafaa5e3bdae0baf096c7ef19d2ba933e2483a0536f70cdca0ffac3cece39b3d52ac0e318d"
        "052fafa104f9f65fe10bd2632db41c8bf2820438999d6c809507856fa905c27022c68442ea003f70812b5827"
        "990f8e7e8ecc9371974b4096787f8a2fc39a2853752b43df04ef52bbc49e8945a8755e1948d401a36f4ccb0e"
        "8b2cd152d84a6bb5548aaec72a06ee4595283ceaac7278fa346c93efb5b63b8e385c5a01fbabde0514fd68b7"
        "b809d4d3e0c8f5e10067f289e2917bc4c0fe4ce2ad7018f9c31b3f0bc35bd8188e0d37d675c29dd367436632"
        "5e514f715ddcdf99534b4312c2c70c224f1fabef382cf2dc84"
    ),
    "outbox_to": (
        "253562d24d1ed4742ac9e19e116a418d770941b5e86dd4a8977855a4ea7b8372cbed47f69ccf470cc5cb970e"
        "115a5b8f0982eba16a483848aab637bd80b6f1b0295cb29696f4277a80c1bf6ec4e6b50d01b3e5f030aa32b2"
        "047b6fac0384723d40e2d5fd67e9b3988da41dca87314152e03eab966d4433f65aeb9a5338ebdb9b232764fd"
        "3d9feac770ecff0a70cea0ad37c865346751b77d10baca7c4da95577e1fc9d5dd9c678b7e435f5544b7ed94c"
        "4c46c02219776aaaf51251b1460cf2d62be984545638025bca48a4a105ed2d49f3e7e6f19a2d928c6bd263e7"
        "b046926d8f49d7be329c6ce9d7a0d61cbeb31983b12d76c380bb80fb41a4c3bf6e34a7641fd7db8db0fafb70"
        "c99d17484def1057f07c90993eecea98772613347a49f3e21949dbd5f160d088408d4e6cb6436a13874f1c0c"
        "be31c87298545d238d84dfa8f491886871de730bbdbadfa13c6ca321952910ee35088b74a9a4ab2b4297a233"
        "63ebeaedc35bd391ff0e11d317834ba260ec1d204be0ea379a"
    ),
    "capsule": (
        "d5fe0d1c501da212b3b149e4431980aa74eaff61e5c980797642c253dd5cc4464bca4118dcb68e52a07dfaf5"
        "253af85f86f4b71ace384106ea58ef7c4a47e66cd2c5f1685547a71c7e28e8972b661cd601f5c786d2c8779f"
        "3f0a44291c0169161b4750314a315cd8cd285ea46e227a235d24375c87ea50abadbcfcff4e9d853f5e36fb2c"
        "a0c969bbe1f9ed87a7dff26e6ff25b6acb1a76960cfa1abf6b298fcc9aa24bb7b349743d4702303c07604aea"
        "158ff933c8b6b9155b001a5011caad7a799c7b5a2c448a3f5c7009e1d76dbbe309723645448841a532fdd130"
        "13c3ae7271525e7d0f693932e83f51a35ddadb72de8879c58ceb43590b2abecd211a58b155c487cd94b37cff"
        "2e5a44f8451fb36d0389e7d168315de215afc5f1b3433a6c79cfadd22bf18ddf2ce0a0f26507731d72cf2a69"
        "ad956d4fd191636986c111bb1bd4816acfaf77d047797a52a818de12af53ec49f1be9405faac64dc1bb3f55b"
        "6726414a5bc29824ec0faa8d40665a4b8b090a36d5bdca51fa"
    ),
    "inbound": (
        "aab86012d46ba4a2277127c0021c6aa87d494fbe3e0d9e2f0e5eb04d93abfd69884b387be1f99a446eb004c1"
        "0aac5d149a7b0cb4b69ae71319f641d6ec5cd00e3e60dd10d67256fe5827ccdda9562b470168e9f9835896b6"
        "9de45207403263d084c02fb0e44caae7574bf53e2fbd816e2a663ac220bdc43c6d27780c25f6928fa75150d0"
        "a31616b5fea4c2a7ba57c4ea18e6741449d8db47a89e745a101a360626bbaa6d6f6551570bdc97f133fc5520"
        "5db360365c8d81997d6ff5a918e3070fe9ac94015616a5917dd18d19d1289ffd6ff9b873441b0660c40086a7"
        "d4c141c294142e6aa6693c668bf04ec1d28fc866d1715b46f402f915e71789e889338e54fdc147d4e5cb5d17"
        "bfc7e7e25c4a89c2a5220f43243675160d438dba6e0529f0b117c5c46e745face8ecae906e1db42275bf47e9"
        "f5ae5f0a9caf503c41aa843a84bf68eae5081947e3467dcce8eb9f64b349a6eb969fd756a47cd35b4c517afe"
        "6c2b08840b60787a97da447b125b07ead5668e37666ff9ae8c"
    ),
    "dialogue": (
        "481a0a544b251c2e6262d2913f6cdc3d990caea26781c64fc39fb8c521560602d9e697b02a71b21a0fcc50c3"
        "fe9406c2578ee296f7f7c127e85b4c40840f88beef58e0b8e9fef236141e3e1a44c066ce015d6d3ec152bcc8"
        "5d9a56e5e28371d91aef83236a6ad0bf6d9054381b09212504a7c934d4103cacda538289f4152d5a52643e8b"
        "53a14ac0697f1e2d20a830f99e81a3be807f6f97ab1645a6cf91f8375212304a23336e5a71c62ab28776296c"
        "39e990f72b72825e28a9d0ab8644be3719bc6255c1511b1fccf7dc7b57f09ae5dbdc836b1691ad61086cab8c"
        "e7e14e38e1030ceeeb988507804c452fa6074b3edc01749d963b572e8c8a5569cf38d96eee03f66f6b1e0a51"
        "f63bcd74ed1dd2bcabb17fc1b533fd6706b7e44f52c1e93b1b9f5a7d3514e94380c9e2de93000313a31565e7"
        "b1ee38cf4ad8a11a35c3db3eb778e279b8a882e8a1a515c760ece481ea8bf46830bad32be113d25ffe3b973b"
        "53323cda15949b8b2905c3bd1c8d35648a5ad8ff6bef16a9df"
    ),
    "channel": (
        "000135e213548d897d969e2e68620db5eff4b32e173190fc4d20d97dd72fe5abe19e65237933621b0c0e9dda"
        "0c2b3677f0b418824c6684106cdbfd5ee2a2b54ce6f75669344970a46294d3982b0e0243725c33b9629fbfc7"
        "782e17d4c3ea1b50ec85255467f5c38d806f1521805659d622216db3146e0d4c98d0b6490533500758132574"
        "7a8e3525fb16d74ae0a92136a76a51bfe93e36717ec92098bbde9caa30ae420a40e5162d1b2744fd3c438ab9"
        "11db0730352600f379ed04019ec3aeefc22f27b4130c23d4b77633f0a8348ea8eb33c889855f2c3160d3dbc9"
        "fb93a51c08d892462c745f82a908e9bcb4edfaa4d8df9722d3e9ee463fc7e3b631d385c6795ae15397575f70"
        "9120ce18d1a35763fb521db0b92de66ee6f1853bef24999721ac8cbf2d51a47bd218"
    ),
    "totp": (
        "0001a811bdd2f4e2f23128b24776116b64330d46b28a67fa265a567fcbccad640e79fdfe52daaa316b1ab884"
        "2b96c2112a78d1581d4481f5670b8474ea03bd53c1f242387e8833d3f4946382e8073aa2fa02eaba66747b86"
        "f2b423a0c39b4d1d0d93b153b189700f419c862166d3b867f80dab02b4c5b4c8b40618d8562f494bd5b766cb"
        "9c7a7bea8a8811d12b468c1b39813b7bfde2b54edf2171685bd5516a71147b5a057c2445b17bcf04e9834371"
        "fedb1dda3ad4786c5e59c465a357c631e9daa2382e951b8b73df6e7c67c7d3577df66180bb0d49a124980aa6"
        "a3fadd4f7f6acc6bf9c16e1ad780850c9f4279215a35501f047c132f1473dd51ca3383137c9365f441d52550"
        "2124e0c23ad92179fd6c8d91c381636f8292594cd263c17e3428ebc604838f0ef7fb"
    ),
    "duty": (
        "000185eb486afe8ee8908b060813a23a352e5e060e40f1de1106ac1b26a67ae205a994e255d1a6be87e72359"
        "13447ea3e6721cb91538d6bf2ae1975cdcb3c66eeb133f5954b6636fb2276cb7e019d23ef06d58cf7ddd6aae"
        "a6c660a4bdee04046f6ba6931e0d12df6492c37ddd28413711ece4df2be9ba4fec16345f8a5438f5148b3e1e"
        "9337ad0e5a17f84be067874b57de775e74b5420cd94d36757953ac13c81d01cd1e9b47c5a327635fbf145a25"
        "92327f9ba42cee2e37f9426cc0578f9bc062b3cbf07f1221f631db067092b6643c7742ee9d6462b80d0bf0cb"
        "26ade66c89c966d2b9f1b6c746355b39c08d07bc7fcf5a648a2c96073e200175083470b987f86ccead42e445"
        "35d13133dd831a0b78fe3a10b6f9f859e70e685509b513757a2e82dcff9db0ac0fb4"
    ),
    "receipt_lookup": (
        "00013e97e00157801a5f3d57148967b3c904d252e9f56e2caa6925dcf8ea683101a2d880e899251c96d75d68"
        "d97d18574a04"
    ),
    "receipt_public": (
        "000162d6950d89dc5e1e9c142f111ad7997ebe90f0517e5de32e624f79b0b840a44328132c5477ee0877c7a6"
        "3a37607d19b7"
    ),
    "receipt_wraps": (
        "00013c30bccf268e51fea170351c43d000841ef3e4336234aa83d1d08d8784281e2868c5ddcca318d586d52f"
        "f6095e0712b5f226d50113bafbd17e9c61fba606ff4dd25d8f5ef52bfeba7777f95133bf8f99fd4c0e94a5f5"
        "891228cf9edc0eb3ccda"
    ),
    "wrap": (
        "888a62c42f5439d34de9c1c9bfbddd703cad52b332d7fdec0c3763d3618ce02f666544bcfd7f9b24c07efe5d"
        "8096a45731ca13f6c960794b96814895a0d267e6d7582c3f880a5d315387c834ce4c50bb"
    ),
}

OPENED = {
    "entry": lambda blob: unseal_whole(blob, PAIR, Label("entry", "sealed_body", ROW, CASE, 1)).decode(),
    "referral_message": lambda blob: unseal_whole(
        blob, PAIR, Label("referral_message", "sealed_body", ROW, CASE, 1)
    ).decode(),
    "outbox_text": lambda blob: unseal_whole(blob, PAIR, Label("outbox", "sealed_text", ROW)).decode(),
    "outbox_to": lambda blob: open_capsule(blob, PAIR, sent_to_label(ROW)),
    "capsule": lambda blob: open_capsule(blob, PAIR, capsule_label(ROW, CASE)),
    "inbound": lambda blob: open_inbound(blob, PAIR, inbound_label(ROW)),
    "dialogue": lambda blob: open_inbound(blob, PAIR, Label("dialogue", "sealed_state", ROW)),
    "channel": lambda blob: show_config(KEY, blob, channel_label(ROW)),
    "totp": lambda blob: show_config(KEY, blob, totp_label(ROW)),
    "duty": lambda blob: show_config(KEY, blob, duty_label(ROW)),
    "receipt_lookup": lambda blob: Pepper(KEY).reveal(blob),
    "receipt_public": lambda blob: Pepper(KEY).reveal(blob, receipt_label("public_hidden", ROW, CASE)),
    "receipt_wraps": lambda blob: Pepper(KEY).reveal(blob, receipt_label("wraps_hidden", ROW, CASE)),
    "wrap": lambda blob: unwrap(blob, PAIR),
}
MEANT = {
    "entry": "Le chien m'a mordu.", "referral_message": "Nous avons entendu l'équipe.",
    "outbox_text": "Un message vous attend.", "outbox_to": Contact("+243880000001", Language.FRENCH),
    "capsule": Contact("+243880000001", Language.SWAHILI), "inbound": {"text": "Mbwa"},
    "dialogue": {"code": "7F3Q-82"}, "channel": "un secret", "totp": "JBSWY3DPEHPK3PXP",
    "duty": "+243880000002", "receipt_lookup": b"l" * 32, "receipt_public": b"p" * 32,
    "receipt_wraps": b"w" * 80, "wrap": bytes(range(64, 96)),
}  # fmt: skip


@pytest.mark.parametrize("what", sorted(OLD))
def test_what_the_first_version_stored_opens_in_its_place(what: str) -> None:
    assert OPENED[what](bytes.fromhex("".join(OLD[what]))) == MEANT[what]


def test_what_is_hidden_of_a_receipt_today_is_what_the_first_version_hid() -> None:
    pepper = Pepper(KEY[:1])
    hidden = {
        "receipt_lookup": pepper.hide(b"l" * 32),
        "receipt_public": pepper.hide(b"p" * 32, receipt_label("public_hidden", ROW, CASE)),
        "receipt_wraps": pepper.hide(b"w" * 80, receipt_label("wraps_hidden", ROW, CASE)),
    }
    assert hidden == {what: bytes.fromhex(OLD[what]) for what in hidden}


def test_every_kind_of_value_has_its_old_one() -> None:
    assert set(OLD) == set(OPENED) == set(MEANT)
