package dev.jebena.hub;

import java.util.List;

/// Which files of a repository to bring.
///
/// @param revision a branch, a tag or a commit
/// @param include shell patterns of paths; all when empty
/// @param exclude shell patterns of paths that are left out
/// @param threads how many files at once
public record SnapshotOptions(
        String revision, List<String> include, List<String> exclude, int threads) {
    public SnapshotOptions {
        include = List.copyOf(include);
        exclude = List.copyOf(exclude);
    }

    public static SnapshotOptions defaults() {
        return new SnapshotOptions("main", List.of(), List.of(), 8);
    }

    public SnapshotOptions withRevision(String value) {
        return new SnapshotOptions(value, include, exclude, threads);
    }

    public SnapshotOptions withInclude(List<String> value) {
        return new SnapshotOptions(revision, value, exclude, threads);
    }

    public SnapshotOptions withExclude(List<String> value) {
        return new SnapshotOptions(revision, include, value, threads);
    }

    public SnapshotOptions withThreads(int value) {
        return new SnapshotOptions(revision, include, exclude, value);
    }
}
