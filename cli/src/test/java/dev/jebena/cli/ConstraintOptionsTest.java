package dev.jebena.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.jebena.llm.Constraint;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ConstraintOptionsTest {
    @TempDir Path folder;

    private static ConstraintOptions options(String name, String value) {
        ConstraintOptions options = new ConstraintOptions();
        assertThat(options.read(name, value)).isTrue();
        return options;
    }

    @Test
    void aGrammarIsTheTextOrAFile() throws IOException {
        String text = "root ::= \"yes\" | \"no\"";
        Path file = Files.writeString(folder.resolve("answer.gbnf"), text);
        assertThat(options("--grammar", text).constraint()).isEqualTo(Constraint.grammar(text));
        assertThat(options("--grammar", file.toString()).constraint())
                .isEqualTo(Constraint.grammar(text));
    }

    @Test
    void aSchemaIsTheTextOrAFile() throws IOException {
        String text = "{\"type\": \"integer\"}";
        Path file = Files.writeString(folder.resolve("schema.json"), text);
        assertThat(options("--schema", text).constraint()).isEqualTo(Constraint.schema(text));
        assertThat(options("--schema", file.toString()).constraint())
                .isEqualTo(Constraint.schema(text));
    }

    @Test
    void aFileThatIsNotThereIsNamed() {
        assertThatThrownBy(() -> options("--schema", "missing.json").constraint())
                .hasMessage("--schema: no file missing.json");
    }

    @Test
    void twoConstraintsAreRefused() {
        ConstraintOptions options = options("--regex", "a+");
        options.read("--choice", "a");
        assertThatThrownBy(options::constraint).hasMessageContaining("only one of");
    }
}
