"""One cache for two programs: finds what Jebena has fetched, and fetches for it."""
import os
import pathlib

from huggingface_hub import HfApi, scan_cache_dir, snapshot_download

mine = pathlib.Path(snapshot_download("jebena/fetched", local_files_only=True))
assert (mine / "config.json").read_text() == "{}", "what Jebena fetched is not found"
assert (mine / "weights.bin").stat().st_size == 2_000_000
found = scan_cache_dir()
assert not found.warnings, found.warnings
assert {repo.repo_id for repo in found.repos} == {"jebena/fetched"}

before = os.path.getmtime(mine / "weights.bin")
again = snapshot_download("jebena/fetched")
assert pathlib.Path(again) == mine, (again, mine)
assert os.path.getmtime(mine / "weights.bin") == before, "it was fetched twice"

api = HfApi()
api.create_repo("jebena/theirs", exist_ok=True)
api.upload_file(path_or_fileobj=b"# Theirs\n", path_in_repo="README.md", repo_id="jebena/theirs")
print(snapshot_download("jebena/theirs"))
