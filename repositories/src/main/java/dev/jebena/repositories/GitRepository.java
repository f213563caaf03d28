package dev.jebena.repositories;

import org.eclipse.jgit.internal.storage.dfs.DfsRepository;

/// A repository as git sees it.
final class GitRepository extends DfsRepository {
    private final GitObjects objects;
    private final GitRefs refs;
    private final long id;

    GitRepository(GitStorage.Builder builder, GitStorage storage, long id) {
        super(builder.described(id));
        this.id = id;
        objects = new GitObjects(this, storage, id);
        refs = new GitRefs(this, storage.data(), id);
    }

    long id() {
        return id;
    }

    @Override
    public GitObjects getObjectDatabase() {
        return objects;
    }

    @Override
    public GitRefs getRefDatabase() {
        return refs;
    }
}
