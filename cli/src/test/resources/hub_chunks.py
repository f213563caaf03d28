# Two versions of one large file through hf_xet, up and down: HF_ENDPOINT and HF_TOKEN say where.
import os
import random

from huggingface_hub import HfApi
from huggingface_hub.utils import get_session

api = HfApi()
user = api.whoami()["name"]
repo = f"{user}/chunked"
api.create_repo(repo, exist_ok=True)
first = random.Random(1).randbytes(8 << 20)
second = first[: 3 << 20] + b"changed" + first[3 << 20 :]
for content in (first, second):
    api.upload_file(path_or_fileobj=content, path_in_repo="w.bin", repo_id=repo)
    url = f"{api.endpoint}/{repo}/resolve/main/w.bin"
    head = get_session().head(url, headers={"Authorization": "Bearer " + os.environ["HF_TOKEN"]})
    assert head.headers["X-Xet-Hash"], head.headers
    path = api.hf_hub_download(repo, "w.bin")
    assert open(path, "rb").read() == content
    plain = get_session().get(url, headers={"Authorization": "Bearer " + os.environ["HF_TOKEN"]})
    assert plain.content == content
# A file with the chunks of another one, in another repository.
other = f"{user}/chunked-too"
api.create_repo(other, exist_ok=True)
api.upload_file(path_or_fileobj=second + first, path_in_repo="both.bin", repo_id=other)
assert open(api.hf_hub_download(other, "both.bin"), "rb").read() == second + first
print("chunks passed")
