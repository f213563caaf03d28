package dev.jebena.llm.internal.engine;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class SpeculationTest {
    private static final int[] TEXT = {5, 6, 7, 8, 9, 1, 2, 5, 6, 7};

    @Test
    void lastTokensAreFoundWhereTheyStoodBefore() {
        PromptLookup lookup = new PromptLookup();
        assertThat(lookup.find(TEXT, TEXT.length)).isEqualTo(3);
        assertThat(PromptLookup.agreement(TEXT, TEXT.length, 3)).isEqualTo(3);
        assertThat(new PromptLookup().find(TEXT, 9)).isEqualTo(-1);
        assertThat(new PromptLookup().find(TEXT, 2)).isEqualTo(-1);
    }

    @Test
    void aRepeatingTextIsGuessedToRepeat() {
        int[] tokens = {1, 2, 1, 2, 1, 2, 0, 0, 0};
        Guesses guesses = new Guesses(5);
        guesses.look(tokens, 6, 9);
        assertThat(guesses.known()).isEqualTo(5);
        for (int i = 0; i < 5; i++) {
            assertThat(guesses.token(i)).isEqualTo(1 + i % 2);
        }
    }

    @Test
    void guessesThatWereWrongAreTrustedLess() {
        Guesses guesses = new Guesses(8);
        guesses.look(TEXT, TEXT.length, 9);
        double first = guesses.probability();
        for (int i = 0; i < 20; i++) {
            guesses.look(TEXT, TEXT.length, 9);
            guesses.learn(0, 99);
        }
        guesses.look(TEXT, TEXT.length, 9);
        assertThat(guesses.probability()).isLessThan(first / 4);
        for (int i = 0; i < 200; i++) {
            guesses.look(TEXT, TEXT.length, 9);
            guesses.learn(0, 8);
        }
        guesses.look(TEXT, TEXT.length, 9);
        assertThat(guesses.probability()).isGreaterThan(0.8);
    }

    @Test
    void costsBetweenMeasurementsAreInterpolatedAndNeverFall() {
        StepTimes times = new StepTimes(20);
        assertThat(times.expected(1, 4)).containsExactly(0, 0, 0, 0);
        times.decoded(5, 50);
        times.decoded(1, 10);
        assertThat(times.expected(1, 8)).as("first steps of a size").containsOnly(0);
        times.decoded(5, 5);
        times.decoded(1, 1);
        double[] seconds = times.expected(1, 8);
        assertThat(seconds[0]).isEqualTo(1);
        assertThat(seconds[2]).isBetween(2.9, 3.1);
        assertThat(seconds[4]).isBetween(4.8, 5.0);
        assertThat(seconds[7]).isEqualTo(seconds[4]);
    }

    @Test
    void piecesOfPromptsAreSmallWhileAnswersAreWritten() {
        StepTimes times = new StepTimes(20);
        assertThat(times.promptRows(false, 512)).isEqualTo(512);
        assertThat(times.promptRows(true, 512)).isEqualTo(64);
        times.prompted(512, 0.512);
        assertThat(times.promptRows(true, 512)).isEqualTo(100);
        assertThat(times.promptRows(false, 512)).isEqualTo(500);
        times.prompted(1, 10);
        assertThat(times.promptRows(true, 512)).isEqualTo(32);
        assertThat(times.promptRows(true, 16)).isEqualTo(16);
    }
}
