package dev.jebena.onnx;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;

/// docs/onnx.md lists the operators that there are; `-Djebena.docs.write=true` writes the list.
class OnnxDocTest {
    private static final String BEGIN = "<!-- operators -->\n";
    private static final String END = "<!-- end of operators -->";
    private static final int WIDTH = 118;

    @Test
    void thePageListsTheOperators() throws IOException {
        Path page = Path.of(System.getProperty("jebena.root", "..")).resolve("docs/onnx.md");
        String text = Files.readString(page);
        int begin = text.indexOf(BEGIN) + BEGIN.length();
        int end = text.indexOf(END);
        if (Boolean.getBoolean("jebena.docs.write")) {
            Files.writeString(page, text.substring(0, begin) + list() + text.substring(end));
            return;
        }
        assertThat(text.substring(begin, end)).isEqualTo(list());
    }

    private static String list() {
        Map<String, List<String>> domains = new TreeMap<>();
        for (String name : OnnxProgram.operators()) {
            int colon = name.indexOf(':');
            domains.computeIfAbsent(
                            colon < 0 ? "" : name.substring(0, colon), _ -> new ArrayList<>())
                    .add(name.substring(colon + 1));
        }
        StringBuilder text = new StringBuilder();
        domains.forEach((domain, names) -> {
            String title = domain.isEmpty() ? "ONNX" : "`" + domain + "`";
            String all = "**%s** (%d): %s".formatted(title, names.size(), String.join(", ", names));
            text.append(wrapped(all)).append("\n\n");
        });
        return text.toString();
    }

    private static String wrapped(String text) {
        StringBuilder lines = new StringBuilder();
        int column = 0;
        for (String word : text.split(" ")) {
            if (column > 0 && column + 1 + word.length() > WIDTH) {
                lines.append('\n');
                column = 0;
            } else if (column > 0) {
                lines.append(' ');
                column++;
            }
            lines.append(word);
            column += word.length();
        }
        return lines.toString();
    }
}
