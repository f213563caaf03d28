package dev.jebena.llm;

import dev.jebena.compute.KvPages;
import dev.jebena.llm.internal.memory.AvailableMemory;
import dev.jebena.llm.internal.model.Graph;
import dev.jebena.llm.internal.model.KvPool;

/// How large the key/value cache, the context and a step are.
///
/// @param pages of the cache
/// @param context positions of one sequence
/// @param batchRows rows of one step
record ModelMemory(int pages, int context, int batchRows) {
    /// A context that nobody asked for is not longer than this.
    static final int DEFAULT_CONTEXT = 8192;

    /// Share of the available memory that the cache may take; its pages become real as they are
    /// used.
    private static final int SHARE = 2;

    /// Pages that are kept though no sequence uses them: two whole contexts, but not most of the
    /// cache, since each stays resident.
    int keptPages() {
        return Math.min(pages / 2, 2 * KvPool.pagesFor(context));
    }

    static ModelMemory plan(Graph graph, LlmOptions options) {
        int context = graph.shape().positions();
        if (!graph.causal()) {
            // Texts stay for one step only: each may leave its last page partly empty.
            int rows = Math.max(options.batchTokens(), context);
            return new ModelMemory(KvPool.pagesFor(rows) + options.maxSequences(), context, rows);
        }
        long pageBytes = KvPool.bytesPerPage(graph, options.kvType());
        long affordable = AvailableMemory.bytes() / SHARE / pageBytes;
        long wanted = (long) options.maxSequences() * KvPool.pagesFor(context);
        if (options.kvPositions() > 0) {
            wanted = KvPool.pagesFor(options.kvPositions());
            if (wanted > affordable) {
                throw tooLarge("kvPositions", options.kvPositions(), pageBytes, affordable);
            }
        }
        int pages = (int) Math.min(Math.min(wanted, affordable), Integer.MAX_VALUE / KvPages.PAGE);
        if (pages < KvPool.pagesFor(context)) {
            if (options.contextLength() > 0 || pages < 1) {
                throw tooLarge("contextLength", context, pageBytes, affordable);
            }
            context = pages * KvPages.PAGE;
        }
        return new ModelMemory(
                pages, context, Math.max(options.batchTokens(), options.maxSequences()));
    }

    private static LlmException tooLarge(
            String option, int positions, long pageBytes, long affordable) {
        return new LlmException(
                LlmException.Code.OUT_OF_MEMORY,
                "a key/value cache of %d positions needs %d MiB; half of the free memory holds %d; set a smaller %s"
                        .formatted(
                                positions,
                                (KvPool.pagesFor(positions) * pageBytes) >> 20,
                                affordable * KvPages.PAGE,
                                option));
    }
}
