package dev.jebena.hub;

import org.jspecify.annotations.Nullable;

/// What an upload did.
///
/// @param commit the new commit, or the branch's newest one when nothing was different
/// @param url a page about it; empty when the hub names none
/// @param pullRequest the proposal's page; null when the commit went to the branch
/// @param uploaded files of the commit
/// @param unchanged files that the repository had already
/// @param deleted files that went away
public record UploadReport(
        String commit,
        String url,
        @Nullable String pullRequest,
        int uploaded,
        int unchanged,
        int deleted) {}
