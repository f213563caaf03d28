package dev.jebena.governance;

import static org.assertj.core.api.Assertions.assertThat;

import dev.jebena.json.Json;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// Secrets and templates.
class TextScanTest {
    @TempDir Path folder;

    private ScanReport scan(String name, String text) throws IOException {
        Path file = folder.resolve(name);
        Files.writeString(file, text);
        return Scan.of(file, ScanOptions.defaults());
    }

    /// Put together at run time: a secret scanner reads this file too.
    private static String secret(String prefix, String rest) {
        return prefix + rest;
    }

    @Test
    void tokensAreFoundAndShortened() throws IOException {
        String token = secret("hf_", "aBcDkLmNoPqRsTuVwXyZQwErTyUiOpAsDf");
        ScanReport report = scan("train.py", "import os\nTOKEN = '" + token + "'\n");
        assertThat(report.findings()).hasSize(1);
        ScanFinding finding = report.findings().getFirst();
        assertThat(finding.level()).isEqualTo(ScanLevel.UNSAFE);
        assertThat(finding.place()).isEqualTo("line 2");
        assertThat(finding.what())
                .isEqualTo("an access token of Hugging Face: hf_a... (37 characters)");
        assertThat(report.toString()).doesNotContain(token);
    }

    @Test
    void secretsOfManyKindsAreFound() throws IOException {
        String random = "q7Zx2Lk9Vb4Nm8Tc1Rw6Yp3Hs5Jd0Fg7Ae2Uo9Ki4Xz8Qw1Er6Ty3Ui5Op0As7Df2Gh9Jk4";
        Map<String, String> secrets =
                Map.of(
                        "OpenAI", secret("sk-", "proj-" + random.substring(0, 48)),
                        "GitHub", secret("gh", "p_" + random.substring(0, 36)),
                        "AWS", secret("AK", "IAQ7ZX2LK4VB5NMT3C"),
                        "npm", secret("np", "m_" + random.substring(0, 36)),
                        "Groq", secret("gs", "k_" + random.substring(0, 52)),
                        "private key", secret("-----BEGIN ", "OPENSSH PRIVATE KEY-----"));
        for (Map.Entry<String, String> entry : secrets.entrySet()) {
            ScanReport report = scan("notes.md", "key: " + entry.getValue() + "\n");
            assertThat(report.findings()).as(entry.getKey()).hasSize(1);
            assertThat(report.findings().getFirst().what()).contains(entry.getKey());
        }
    }

    @Test
    void placeholdersAreNoSecrets() throws IOException {
        assertThat(
                        scan(
                                        "a.md",
                                        secret("hf_", "x".repeat(34))
                                                + "\n"
                                                + secret("AKIA", "IOSFODNN7EXAMPLE")
                                                + "\nhttps://user:password@example.org\n")
                                .findings())
                .isEmpty();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "{{ ''.__class__.__mro__[1].__subclasses__() }}",
                "{{ cycler.__init__.__globals__.os.popen('id').read() }}",
                "{{ lipsum['__globals__']['os'] }}",
                "{{ messages|attr('\\x5f\\x5fclass\\x5f\\x5f') }}",
                "{{ self._TemplateReference__context }}",
                "{{ x['_' * 2 ~ 'class'] | attr ('a') }}"
            })
    void templatesThatLeaveTheSandboxAreUnsafe(String template) throws IOException {
        String config = Json.write(Map.of("chat_template", template));
        assertThat(scan("tokenizer_config.json", config).level()).isEqualTo(ScanLevel.UNSAFE);
        assertThat(scan("chat_template.jinja", template).level()).isEqualTo(ScanLevel.UNSAFE);
    }

    @Test
    void templatesByNameAreLookedAtToo() throws IOException {
        String config =
                """
                {"chat_template": [{"name": "default", "template": "{{ messages }}"},
                 {"name": "rag", "template": "hello\\n{{ ''.__class__ }}"}]}
                """;
        ScanFinding finding = scan("tokenizer_config.json", config).findings().getFirst();
        assertThat(finding.place()).isEqualTo("line 2 of the template");
        assertThat(finding.what())
                .isEqualTo("the chat template reaches for Python's own attributes: __class__");
    }
}
