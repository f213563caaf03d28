# Discussions and pull requests through huggingface_hub: HF_ENDPOINT and HF_TOKEN say where.
from huggingface_hub import CommitOperationAdd, HfApi

api = HfApi()
user = api.whoami()["name"]
repo = f"{user}/discussed"
api.create_repo(repo, exist_ok=True)
api.upload_file(path_or_fileobj=b"one\n", path_in_repo="a.txt", repo_id=repo)

made = api.create_discussion(repo, "A question", description="Is it so?")
assert (made.num, made.status, made.is_pull_request, made.author) == (1, "open", False, user)
said = api.comment_discussion(repo, 1, "Yes")
assert said.content == "Yes" and not said.edited
assert api.edit_discussion_comment(repo, 1, said.id, "No").content == "No"
assert api.rename_discussion(repo, 1, "A better question").new_title == "A better question"
assert api.change_discussion_status(repo, 1, "closed", comment="done").new_status == "closed"
assert api.hide_discussion_comment(repo, 1, said.id).hidden

info = api.create_commit(
    repo,
    [
        CommitOperationAdd("a.txt", b"two\n"),
        CommitOperationAdd("w.bin", bytes(range(256)) * 64),
    ],
    commit_message="Two",
    create_pr=True,
)
assert info.pr_num == 2 and info.pr_revision == "refs/pr/2", info
api.upload_file(path_or_fileobj=b"b\n", path_in_repo="b.txt", repo_id=repo, revision="refs/pr/2")
details = api.get_discussion_details(repo, 2)
assert details.conflicting_files == [] and details.target_branch == "refs/heads/main"
assert "+two" in details.diff
assert [e.type for e in details.events] == ["comment", "commit", "commit"]
api.merge_pull_request(repo, 2, comment="good")
assert api.get_discussion_details(repo, 2).merge_commit_oid == api.model_info(repo).sha
assert open(api.hf_hub_download(repo, "a.txt")).read() == "two\n"
assert open(api.hf_hub_download(repo, "w.bin"), "rb").read() == bytes(range(256)) * 64
assert api.list_repo_commits(repo)[0].title == "Two (#2)"

draft = api.create_pull_request(repo, "Later")
assert draft.status == "draft" and draft.git_reference == "refs/pr/3"
assert [d.num for d in api.get_repo_discussions(repo)] == [3, 2, 1]
assert [d.num for d in api.get_repo_discussions(repo, discussion_status="open")] == [3]
refs = api.list_repo_refs(repo, include_pull_requests=True)
assert [r.ref for r in refs.pull_requests] == ["refs/pr/2", "refs/pr/3"]
api.super_squash_history(repo)
assert len(api.list_repo_commits(repo)) == 1
api.delete_repo(repo)
print("discussions passed")
