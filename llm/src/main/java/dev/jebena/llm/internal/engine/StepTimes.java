package dev.jebena.llm.internal.engine;

import java.util.Arrays;

/// What steps have cost on this machine, for decisions about the size of the next one. They change
/// when tokens come, never which.
final class StepTimes {
    /// While answers are being written, a step with a piece of a prompt takes about as long.
    private static final double WITH_STREAMS = 0.1;

    /// While none is, so that a new request waits no longer than this for its turn.
    private static final double WITHOUT_STREAMS = 0.5;

    private static final int FEWEST_PROMPT_ROWS = 32;
    private static final int FIRST_PROMPT_ROWS = 64;
    private static final double NEW = 0.25;

    /// What has not been tried for a while is assumed to have become faster, so that it is tried
    /// again: a measurement may have been taken while another program had the processor.
    private static final double FORGET = 0.999;

    /// The same for sizes that were tried less than [#FEW] times.
    private static final double FORGET_FEW = 0.97;

    private static final int FEW = 4;

    private double promptRow;
    private final double[] decode;
    private final int[] trials;

    /// @param mostRows rows at most of a step without prompts
    StepTimes(int mostRows) {
        decode = new double[mostRows + 1];
        trials = new int[mostRows + 1];
    }

    /// A step with pieces of prompts has been computed.
    void prompted(int rows, double seconds) {
        double row = seconds / rows;
        promptRow = promptRow == 0 ? row : promptRow + NEW * (row - promptRow);
    }

    /// A step of `rows` tokens of answers, guessed ones included, has been computed. The first one
    /// of its size is not counted: kernels are assembled in it.
    void decoded(int rows, double seconds) {
        for (int i = 1; i < decode.length; i++) {
            decode[i] *= i == rows ? 1 : trials[i] < FEW ? FORGET_FEW : FORGET;
        }
        trials[rows] = Math.min(FEW, trials[rows] + 1);
        if (trials[rows] == 1) {
            return;
        }
        decode[rows] = decode[rows] == 0 ? seconds : decode[rows] + NEW * (seconds - decode[rows]);
    }

    /// Rows of prompts that a step may take.
    int promptRows(boolean streams, int batchTokens) {
        int least = Math.min(FEWEST_PROMPT_ROWS, batchTokens);
        if (promptRow == 0) {
            return streams ? Math.min(FIRST_PROMPT_ROWS, batchTokens) : batchTokens;
        }
        double limit = streams ? WITH_STREAMS : WITHOUT_STREAMS;
        return (int) Math.clamp(limit / promptRow, least, batchTokens);
    }

    /// Expected seconds of steps of `from` to `to` rows, the first for `from`: measured, or between
    /// what was measured for fewer and for more rows. Beyond that more rows cost nothing until they
    /// have been tried.
    double[] expected(int from, int to) {
        double[] seconds = new double[to - from + 1];
        int below = 0;
        for (int rows = 1; rows <= to; rows++) {
            if (decode[rows] > 0) {
                below = rows;
            }
            if (rows >= from) {
                seconds[rows - from] = between(below, rows);
            }
        }
        for (int i = 1; i < seconds.length; i++) {
            seconds[i] = Math.max(seconds[i], seconds[i - 1]);
        }
        return seconds;
    }

    private double between(int below, int rows) {
        int above = rows;
        while (above < decode.length && decode[above] == 0) {
            above++;
        }
        if (above == decode.length) {
            return decode[below];
        }
        if (above == rows || below == 0) {
            return decode[above];
        }
        double share = (rows - below) / (double) (above - below);
        return decode[below] + share * (decode[above] - decode[below]);
    }

    @Override
    public String toString() {
        return "prompt row " + promptRow + " s, steps " + Arrays.toString(decode);
    }
}
