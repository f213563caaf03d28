package dev.jebena.llm;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class TokenRulesTest {
    private static final Generation GREEDY =
            Generation.defaults().temperature(0).ignoreEos(true).maxTokens(24).logprobs(3);
    private static final int[] PROMPT = {1, 70, 80, 90, 100};

    @TempDir static Path folder;
    private static @Nullable Llm loaded;

    @BeforeAll
    static void load() {
        loaded = Llm.load(GoldenModel.open("llama-F32", folder).file());
    }

    @AfterAll
    static void close() {
        llm().close();
    }

    private static Llm llm() {
        return Objects.requireNonNull(loaded);
    }

    private static List<Token> tokens(int[] prompt, Generation options) {
        List<Token> tokens = new ArrayList<>();
        try (Answer answer = llm().generate(prompt, options)) {
            answer.forEachRemaining(token -> {
                if (!token.isText()) {
                    tokens.add(token);
                }
            });
        }
        return tokens;
    }

    private static List<Integer> ids(Generation options) {
        return tokens(PROMPT, options).stream().map(Token::id).toList();
    }

    @Test
    void onlyAllowedTokensCome() {
        TokenRules rules = TokenRules.none().allowed(Set.of(60, 61, 62));
        assertThat(ids(GREEDY.tokens(rules))).hasSize(24).isSubsetOf(60, 61, 62);
        assertThat(ids(GREEDY.tokens(rules).temperature(2).seed(3))).isSubsetOf(60, 61, 62);
    }

    @Test
    void furtherTokensEndAnAnswerEvenIfNoEndIsWanted() {
        List<Integer> plain = ids(GREEDY);
        int end = plain.get(10);
        int first = plain.indexOf(end);
        Generation ending = GREEDY.tokens(TokenRules.none().ends(Set.of(end)));
        assertThat(ids(ending)).isEqualTo(plain.subList(0, first));
        assertThat(ids(ending.minTokens(16)).subList(0, 16)).doesNotContain(end);
    }

    @Test
    void aBannedSequenceDoesNotCome() {
        List<Integer> plain = ids(GREEDY);
        List<Integer> banned = plain.subList(5, 7);
        List<Integer> other = ids(GREEDY.tokens(TokenRules.none().banned(List.of(banned))));
        assertThat(other).hasSize(24).doesNotContainSequence(banned);
        assertThat(other.subList(0, 6)).isEqualTo(plain.subList(0, 6));
        List<Integer> single = plain.subList(0, 1);
        assertThat(ids(GREEDY.tokens(TokenRules.none().banned(List.of(single)))))
                .doesNotContainSequence(single);
    }

    @Test
    void forcedTokensTellHowLikelyATextIs() {
        List<Token> plain = tokens(PROMPT, GREEDY);
        List<Integer> rest = new ArrayList<>(List.of(70, 80, 90, 100));
        plain.forEach(token -> rest.add(token.id()));
        for (boolean guesses : List.of(true, false)) {
            Generation options =
                    GREEDY.speculate(guesses)
                            .ignoreEos(false)
                            .maxTokens(rest.size() + 4)
                            .tokens(TokenRules.none().forced(rest));
            List<Token> forced = tokens(new int[] {1}, options);
            assertThat(forced.stream().map(Token::id).toList().subList(0, rest.size()))
                    .isEqualTo(rest);
            for (int i = 0; i < plain.size(); i++) {
                assertThat(forced.get(4 + i).logprob())
                        .isCloseTo(plain.get(i).logprob(), within(1e-3f));
            }
            // The least likely tokens of the prompt are not the ones the model would write.
            assertThat(forced.getFirst().logprob()).isLessThan(0);
            assertThat(forced.getFirst().top()).hasSize(3);
        }
    }

    @Test
    void aTokenThatEndsAnswersMayBeForced() {
        int eos = llm().tokenizer().eos().orElseThrow();
        Generation options =
                Generation.defaults()
                        .maxTokens(3)
                        .tokens(TokenRules.none().forced(List.of(eos, 60, 61)));
        assertThat(tokens(PROMPT, options).stream().map(Token::id)).containsExactly(eos, 60, 61);
    }

    @Test
    void idsOutsideTheVocabularyAreRefused() {
        Generation options = GREEDY.tokens(TokenRules.none().allowed(Set.of(1 << 24)));
        assertThatThrownBy(() -> llm().generate(PROMPT, options))
                .isInstanceOf(LlmException.class)
                .hasMessageContaining("allowed: id is 16777216");
    }
}
