package dev.jebena.governance;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Locale;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class CardPageTest {
    @Test
    void markdownBecomesHtmlWithoutTheMetadata() {
        String card =
                """
                ---
                license: mit
                ---
                # A *model*

                | a | b |
                |---|--:|
                | 1 | 2 |

                ```java
                int x = 1 < 2;
                ```
                See [this](https://example.org/a?b=1).
                """;
        assertThat(CardPage.html(card))
                .isEqualTo(
                        """
                        <h1>A <em>model</em></h1>
                        <table><thead><tr><th>a</th><th align="right">b</th></tr></thead><tbody><tr><td>1</td><td align="right">2</td></tr></tbody></table>
                        <pre><code class="language-java">int x &#61; 1 &lt; 2;
                        </code></pre>
                        <p>See <a href="https://example.org/a?b&#61;1" rel="nofollow noopener noreferrer">this</a>.</p>
                        """);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "<script>alert(1)</script>",
                "<img src=x onerror=alert(1)>",
                "<a href=\"javascript:alert(1)\">x</a>",
                "[x](javascript:alert(1))",
                "[x](JaVaScRiPt:alert(1))",
                "[x](data:text/html;base64,PHNjcmlwdD5hbGVydCgxKTwvc2NyaXB0Pg==)",
                "![x](javascript:alert(1))",
                "[x](java\nscript:alert(1))",
                "<a href=\"&#106;avascript:alert(1)\">x</a>",
                "<svg onload=alert(1)><circle/></svg>",
                "<iframe src=\"https://example.org\"></iframe>",
                "<form action=\"https://example.org\"><input name=password></form>",
                "<style>body { background: url(javascript:alert(1)) }</style>",
                "<div style=\"position:fixed\">x</div>",
                "<object data=\"x.swf\"></object><embed src=x>",
                "<math><mtext><table><mglyph><style><img src=x onerror=alert(1)>",
                "<base href=\"https://example.org/\"><meta http-equiv=refresh content=0>",
                "<details open ontoggle=alert(1)>x</details>",
                "<noscript><p title=\"</noscript><img src=x onerror=alert(1)>\">",
                "| <b onclick=alert(1)>a</b> |\n|---|\n| <script>alert(1)</script> |",
                "```\n</code></pre><script>alert(1)</script>\n```",
                "<!--><script>alert(1)</script>-->",
                "<img src=\"x\" alt=\"`<script>alert(1)</script>`\">"
            })
    void nothingRuns(String markdown) {
        String html = CardPage.html(markdown).toLowerCase(Locale.ROOT);
        assertThat(html)
                .doesNotContainPattern(
                        "<(script|style|iframe|form|input|object|embed|svg|math|base|meta|noscript)\\b")
                .doesNotContainPattern("<[^>]*\\son\\w+\\s*=")
                .doesNotContainPattern("<[^>]*\\sstyle\\s*=")
                .doesNotContainPattern("(href|src)=\"\\s*(javascript|data|vbscript):");
    }

    @Test
    void deepNestingEndsInTime() {
        assertThat(CardPage.html(">".repeat(20_000) + " x")).isNotEmpty();
        assertThat(CardPage.html("[".repeat(50_000))).isNotEmpty();
        assertThat(CardPage.html("<div>".repeat(20_000))).isNotNull();
    }
}
