package dev.jebena.repositories;

import dev.jebena.base.HttpJson;
import dev.jebena.base.SqlRow;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// Something that happened in a discussion.
///
/// @param kind `comment`, `status-change`, `title-change` or `commit`
/// @param author an account's id
/// @param data what the kind asks for, as the API gives it; of a comment its text, when it was
///   changed last, and whether it is hidden
record DiscussionEvent(
        long id, String kind, long author, Map<String, @Nullable Object> data, long created) {
    static final String COMMENT = "comment";

    static DiscussionEvent of(SqlRow row) {
        byte[] data = row.text(4).getBytes(StandardCharsets.UTF_8);
        return new DiscussionEvent(
                row.number(1),
                row.text(2),
                row.number(3),
                HttpJson.objectOf(HttpJson.parse(data)),
                row.number(5));
    }

    /// What is kept of a comment.
    static Map<String, @Nullable Object> comment(String text) {
        return HttpJson.object("raw", text, "edits", 0L, "hidden", false);
    }

    Map<String, @Nullable Object> json(Accounts accounts) {
        Map<String, @Nullable Object> author = author(accounts.byId(this.author));
        return HttpJson.object(
                "id",
                "%024x".formatted(id),
                "type",
                kind,
                "createdAt",
                Times.text(created),
                "author",
                author,
                "data",
                kind.equals(COMMENT) ? comment(author) : data);
    }

    static Map<String, @Nullable Object> author(Account account) {
        return HttpJson.object(
                "name", account.name(), "fullname", account.fullname(), "type", "user");
    }

    private Map<String, @Nullable Object> comment(Map<String, @Nullable Object> author) {
        boolean hidden = Boolean.TRUE.equals(data.get("hidden"));
        String raw = hidden ? "This comment has been hidden" : String.valueOf(data.get("raw"));
        long edits = data.get("edits") instanceof Long count ? count : 0;
        Object changed = data.get("changed");
        Map<String, @Nullable Object> latest =
                HttpJson.object(
                        "raw",
                        raw,
                        "html",
                        "<p>" + escaped(raw) + "</p>",
                        "updatedAt",
                        changed == null ? Times.text(created) : changed,
                        "author",
                        author);
        return HttpJson.object(
                "edited", edits > 0,
                "hidden", hidden,
                "latest", latest,
                "numEdits", edits,
                "history", List.of(latest));
    }

    /// Text for a page: a comment is shown as it was written, nothing in it is markup.
    private static String escaped(String text) {
        return text.replace("&", "&amp;")
                .replace("<", "&lt;")
                .replace(">", "&gt;")
                .replace("\"", "&quot;")
                .replace("'", "&#39;");
    }
}
