package dev.jebena.tokenizers;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

class ChatTemplateTest {
    private static String render(String source) {
        return ChatTemplate.of(source).render(Map.of());
    }

    private static void assertRefused(String source, String... parts) {
        assertThatThrownBy(() -> render(source))
                .isInstanceOf(TokenizerException.class)
                .hasMessageContainingAll(parts);
    }

    @Test
    void aConversationBecomesAPrompt() {
        ChatTemplate template =
                ChatTemplate.of(
                        "{% for m in messages %}<{{ m.role }}>{{ m.content }}\n{% endfor %}"
                                + "{% if add_generation_prompt %}<assistant>{% endif %}");
        String prompt =
                template.render(
                        Map.of(
                                "messages",
                                List.of(Map.of("role", "user", "content", "Hi")),
                                "add_generation_prompt",
                                true));
        assertThat(prompt).isEqualTo("<user>Hi\n<assistant>");
    }

    @Test
    void nullVariablesAreNoneAndSmallNumbersBecomePythonNumbers() {
        Map<String, @Nullable Object> variables = new HashMap<>();
        variables.put("n", null);
        variables.put("i", 3);
        variables.put("f", 0.1f);
        assertThat(ChatTemplate.of("{{ [n, i, f] }}").render(variables))
                .isEqualTo("[None, 3, 0.1]");
    }

    @Test
    void theTemplateSaysWhetherItReadsTools() {
        assertThat(ChatTemplate.of("{% if tools %}{% endif %}").supportsTools()).isTrue();
        assertThat(ChatTemplate.of("tools {{ messages }} {# tools #}").supportsTools()).isFalse();
    }

    @Test
    void raisedMessagesComeUnchanged() {
        assertThatThrownBy(() -> render("\n\n{{ raise_exception('roles must alternate') }}"))
                .isInstanceOf(TokenizerException.class)
                .hasMessage("roles must alternate");
    }

    @Test
    void errorsSayTheLine() {
        assertRefused("a\nb\n{% if x %}", "line 3", "'if' is not closed");
        assertRefused("a\n{{ x.y }}", "line 2", "'x' is undefined");
        assertRefused("\n\n{{ 'a' | uper }}", "line 3", "'uper'", "did you mean 'upper'");
        assertRefused("{{ 1 is strin }}", "line 1", "did you mean 'string'");
        assertRefused("{% fro x %}", "unknown tag 'fro'");
        assertRefused("{{ a b }}", "line 1", "unexpected 'b'");
    }

    @Test
    void hostileTemplatesEndWithAnError() {
        assertRefused(
                "{% for a in range(99999) %}{% for b in range(99999) %}{{ a }}{% endfor %}"
                        + "{% endfor %}",
                "steps");
        assertRefused(
                "{% set ns = namespace(x='abcdefgh') %}{% for i in range(99) %}"
                        + "{% set ns.x = ns.x ~ ns.x %}{% endfor %}",
                "more text");
        assertRefused("{% set x = [0] * 100000000 %}", "more text");
        assertRefused("{{ 'a' * 999999999999 }}", "more text");
        assertRefused("{{ 9 ** 99999 }}", "bits");
        assertRefused("{{ range(100001) }}", "range");
        assertRefused("{% macro m() %}{{ m() }}{% endmacro %}{{ m() }}", "nested");
        assertRefused("{{ " + "(".repeat(5_000) + "1" + ")".repeat(5_000) + " }}", "nested");
        assertRefused("{{ " + "not ".repeat(50_000) + "1 }}", "nested");
        assertRefused("{{ " + "[".repeat(50_000) + "]".repeat(50_000) + " }}", "nested");
        assertRefused("{% if 1 %}".repeat(50_000), "nested");
        assertRefused(
                "{% set ns = namespace(x=[]) %}{% for i in range(90000) %}"
                        + "{% set ns.x = [ns.x] %}{% endfor %}{{ ns.x }}",
                "nested");
        assertRefused("{{ '%099999999d' % 1 }}{{ 'a'.ljust(999999999) }}", "more text");
    }

    @Test
    void longFlatExpressionsAreFine() {
        assertThat(render("{{ 1" + " + 1".repeat(20_000) + " }}")).isEqualTo("20001");
        assertThat(render("{{ 'a'" + " ~ 'b'".repeat(2_000) + " }}")).hasSize(2_001);
        assertThat(render("{% if 0 %}" + "{% elif 0 %}".repeat(5_000) + "{% else %}x{% endif %}"))
                .isEqualTo("x");
    }

    @Test
    void nothingOfJavaCanBeReached() {
        for (String name : List.of("class", "getClass()", "hashCode()", "__class__", "bytes")) {
            for (String value : List.of("'a'", "1", "[]", "{}", "none", "range", "namespace()")) {
                String source = "{{ (" + value + ")." + name + " }}";
                try {
                    assertThat(render(source)).as(source).isEmpty();
                } catch (TokenizerException e) {
                    assertThat(e).hasMessageContaining("no attribute");
                }
            }
        }
    }
}
