package dev.jebena.hub;

import java.util.List;
import org.jspecify.annotations.Nullable;

/// How files become a commit.
///
/// @param revision the branch that gets the commit
/// @param message the commit's first line; null for one that names what was uploaded
/// @param description its other lines
/// @param pullRequest propose the commit instead of adding it to the branch
/// @param parent refuse when the branch's newest commit is another one; null for any
/// @param include shell patterns of paths in the folder; all when empty
/// @param exclude shell patterns of paths that are left out
/// @param delete shell patterns of paths in the repository that go away when they are not uploaded
/// @param threads how many transfers at once
public record UploadOptions(
        String revision,
        @Nullable String message,
        String description,
        boolean pullRequest,
        @Nullable String parent,
        List<String> include,
        List<String> exclude,
        List<String> delete,
        int threads) {
    public UploadOptions {
        include = List.copyOf(include);
        exclude = List.copyOf(exclude);
        delete = List.copyOf(delete);
    }

    public static UploadOptions defaults() {
        return new UploadOptions("main", null, "", false, null, List.of(), List.of(), List.of(), 5);
    }

    public UploadOptions withRevision(String value) {
        return new UploadOptions(
                value,
                message,
                description,
                pullRequest,
                parent,
                include,
                exclude,
                delete,
                threads);
    }

    public UploadOptions withMessage(@Nullable String first, String others) {
        return new UploadOptions(
                revision, first, others, pullRequest, parent, include, exclude, delete, threads);
    }

    public UploadOptions withPullRequest(boolean value) {
        return new UploadOptions(
                revision, message, description, value, parent, include, exclude, delete, threads);
    }

    public UploadOptions withParent(@Nullable String value) {
        return new UploadOptions(
                revision,
                message,
                description,
                pullRequest,
                value,
                include,
                exclude,
                delete,
                threads);
    }

    /// @param in paths to take, all when empty
    /// @param out paths to leave out
    public UploadOptions withPaths(List<String> in, List<String> out) {
        return new UploadOptions(
                revision, message, description, pullRequest, parent, in, out, delete, threads);
    }

    public UploadOptions withDelete(List<String> value) {
        return new UploadOptions(
                revision,
                message,
                description,
                pullRequest,
                parent,
                include,
                exclude,
                value,
                threads);
    }

    public UploadOptions withThreads(int value) {
        return new UploadOptions(
                revision,
                message,
                description,
                pullRequest,
                parent,
                include,
                exclude,
                delete,
                value);
    }
}
