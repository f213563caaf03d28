package dev.jebena.llm.internal.model;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.jebena.llm.LlmException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;

class ArchitecturesTest {
    private static final Path DOCS = Path.of("../docs");
    private static final Pattern ROW =
            Pattern.compile(
                    "^\\| `([a-z0-9-]+)` \\| \\S.* \\| \\S.* \\| \\S.* \\|$", Pattern.MULTILINE);

    @Test
    void theTableOfTheGuideListsAll() throws IOException {
        String page = Files.readString(DOCS.resolve("architectures.md"));
        List<String> names = ROW.matcher(page).results().map(row -> row.group(1)).toList();
        assertThat(names).containsExactlyElementsOf(Architectures.names());
    }

    @Test
    void theExampleOfTheGuideIsTheCode() throws IOException {
        String page = Files.readString(DOCS.resolve("new-architecture.md"));
        String code =
                Files.readString(Path.of("src/main/java/dev/jebena/llm/internal/model/Gpt2.java"));
        String example =
                Pattern.compile("```java\n(.*?)```", Pattern.DOTALL)
                        .matcher(page)
                        .results()
                        .map(MatchResult::group)
                        .map(found -> found.replace("```java", "").replace("```", ""))
                        .findFirst()
                        .orElseThrow();
        assertThat(code.replaceAll("\\s+", " ")).contains(example.strip().replaceAll("\\s+", " "));
    }

    @Test
    void othersAreRefusedWithTheListOfThoseThatAreKnown() {
        assertThatThrownBy(() -> Architectures.of("rwkv9"))
                .isInstanceOf(LlmException.class)
                .hasMessageContaining("rwkv9")
                .hasMessageContaining("llama, mamba, minicpm");
    }
}
