package dev.jebena.llm;

import dev.jebena.compute.DataType;
import dev.jebena.compute.KvPages;
import dev.jebena.llm.internal.memory.AvailableMemory;
import dev.jebena.llm.internal.model.Graph;
import dev.jebena.llm.internal.model.KvPool;
import dev.jebena.llm.internal.model.SequenceMemory;

/// How large the key/value cache, the context and a step are.
///
/// @param kvType type of cached keys and values
/// @param pages of the cache
/// @param context positions of one sequence
/// @param batchRows rows of one step
record ModelMemory(DataType kvType, int pages, int context, int batchRows) {
    /// A context that nobody asked for is not longer than this.
    static final int DEFAULT_CONTEXT = 8192;

    /// Share of the available memory that the cache may take; its pages become real as they are
    /// used.
    private static final int SHARE = 2;

    /// Pages that are kept though no sequence uses them: two whole contexts, but not most of the
    /// cache, since each stays resident.
    int keptPages(KvPool pool) {
        return Math.min(pages / 2, 2 * pool.pagesFor(context));
    }

    static ModelMemory plan(Graph graph, LlmOptions options) {
        int context = graph.shape().positions();
        DataType kvType = kvType(graph, options.kvType());
        if (!graph.causal()) {
            // Texts stay for one step only: each may leave its last page partly empty.
            int rows = Math.max(options.batchTokens(), context);
            int pages = graph.memory().pagesFor(rows) + options.maxSequences();
            return new ModelMemory(kvType, pages, context, rows);
        }
        long pageBytes = KvPool.bytesPerPage(graph, kvType);
        long affordable = AvailableMemory.bytes() / SHARE / pageBytes;
        SequenceMemory memory = graph.memory();
        long wanted = (long) options.maxSequences() * memory.pagesFor(context);
        if (options.kvPositions() > 0 && memory.rewinds()) {
            wanted = memory.pagesFor(options.kvPositions());
            if (wanted > affordable) {
                throw tooLarge("kvPositions", options.kvPositions(), pageBytes, affordable);
            }
        }
        int pages = (int) Math.min(Math.min(wanted, affordable), Integer.MAX_VALUE / KvPages.PAGE);
        if (pages < memory.pagesFor(context)) {
            if (options.contextLength() > 0 || pages < 1) {
                throw tooLarge("contextLength", context, pageBytes, affordable);
            }
            context = pages * KvPages.PAGE;
        }
        int rows = Math.max(options.batchTokens(), options.maxSequences());
        return new ModelMemory(kvType, pages, context, rows);
    }

    /// Embedding models keep nothing from step to step, so that 8 bits would save them nothing.
    private static DataType kvType(Graph graph, DataType wanted) {
        if (!graph.causal() && wanted == DataType.Q8_0) {
            return DataType.F16;
        }
        int headDim = graph.shape().headDim();
        if (graph.memory().rewinds() && !KvPages.supports(wanted, headDim)) {
            throw new LlmException(
                    LlmException.Code.BAD_REQUEST,
                    "kvType %s needs heads of a multiple of %d numbers, but this model's have %d; set it to F16"
                            .formatted(wanted, wanted.blockSize(), headDim));
        }
        return wanted;
    }

    private static LlmException tooLarge(
            String option, int positions, long pageBytes, long affordable) {
        return new LlmException(
                LlmException.Code.OUT_OF_MEMORY,
                "a key/value cache of %d positions needs %d MiB; half of the free memory holds %d; set a smaller %s"
                        .formatted(
                                positions,
                                (((long) positions + KvPages.PAGE - 1) / KvPages.PAGE * pageBytes)
                                        >> 20,
                                affordable * KvPages.PAGE,
                                option));
    }
}
