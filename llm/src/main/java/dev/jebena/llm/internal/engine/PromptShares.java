package dev.jebena.llm.internal.engine;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;

/// How the rows of a step are shared among prompts: half of them go to the oldest, which so gets on
/// whatever comes, the rest to those that need fewest to be done. A short question that comes while
/// a long text is being read is answered meanwhile.
final class PromptShares {
    private PromptShares() {}

    /// Rows of each sequence: one where the next token is chosen, else a share of `room`.
    static int[] of(List<Sequence> running, int room) {
        int[] rows = new int[running.size()];
        List<Integer> reading = new ArrayList<>();
        for (int i = 0; i < rows.length; i++) {
            if (running.get(i).remaining() == 1) {
                rows[i] = 1;
            } else {
                reading.add(i);
            }
        }
        if (reading.isEmpty()) {
            return rows;
        }
        int oldest = reading.getFirst();
        int left = room;
        if (reading.size() > 1) {
            rows[oldest] = Math.min((left + 1) / 2, running.get(oldest).remaining());
            left -= rows[oldest];
            // The sort keeps the order of arrival where they need as many.
            reading.sort(Comparator.comparingInt(i -> running.get(i).remaining()));
        }
        for (int i : reading) {
            int more = Math.min(left, running.get(i).remaining() - rows[i]);
            rows[i] += more;
            left -= more;
        }
        return rows;
    }
}
