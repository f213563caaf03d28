package dev.jebena.base;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.jebena.base.DocumentStore.Document;
import dev.jebena.base.DocumentStore.Listed;
import dev.jebena.base.DocumentStore.Page;
import java.nio.file.Path;
import java.time.Instant;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class DocumentStoreTest {
    @TempDir Path folder;

    private DocumentStore open() {
        return DocumentStore.open(folder.resolve("a").resolve("documents.db"));
    }

    @Test
    void whatWasPutIsThereAfterReopening() {
        try (DocumentStore store = open()) {
            store.put("response", "r1", null, Map.of("text", "h\u00e9llo"));
            store.put("response", "r1", null, Map.of("text", "changed"));
        }
        try (DocumentStore store = open()) {
            assertThat(store.get("response", "r1").orElseThrow().json())
                    .containsEntry("text", "changed");
            assertThat(store.get("file", "r1")).isEmpty();
        }
    }

    @Test
    void listsArePagedInBothDirections() {
        try (DocumentStore store = open()) {
            for (int i = 0; i < 5; i++) {
                store.put("item", "i" + i, i < 4 ? "owner" : null, Map.of());
            }
            Listed first = store.list("item", null, new Page(2, true, null));
            assertThat(first.documents()).extracting(Document::id).containsExactly("i4", "i3");
            assertThat(first.more()).isTrue();
            Listed next = store.list("item", "owner", new Page(9, false, "i1"));
            assertThat(next.documents()).extracting(Document::id).containsExactly("i2", "i3");
            assertThat(next.more()).isFalse();
            assertThatThrownBy(() -> store.list("item", null, new Page(2, true, "i9")))
                    .hasMessageContaining("i9");
        }
    }

    @Test
    void whatBelongsToADocumentGoesWithIt() {
        try (DocumentStore store = open()) {
            store.put("batch", "b", null, Map.of());
            store.put("line", "b-1", "b", Map.of());
            assertThat(store.count("line", "b")).isEqualTo(1);
            assertThat(store.delete("batch", "b")).isTrue();
            assertThat(store.delete("batch", "b")).isFalse();
            assertThat(store.count("line", "b")).isZero();
        }
    }

    @Test
    void theOldOnesAreFound() {
        try (DocumentStore store = open()) {
            store.put("file", "f", null, Map.of());
            assertThat(store.olderThan("file", Instant.now().plusSeconds(1))).hasSize(1);
            assertThat(store.olderThan("file", Instant.now().minusSeconds(9))).isEmpty();
        }
    }
}
