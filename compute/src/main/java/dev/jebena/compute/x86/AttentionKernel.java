package dev.jebena.compute.x86;

import static dev.jebena.compute.x86.Memory.mem;

/// Attention of a tile of queries that share one key/value head: logits, softmax, sum of values.
///
/// The bits are those of the scalar definition: a logit is summed in order of dimension, so 32
/// positions (one line of a page of keys) stand beside each other in two registers; an output is
/// summed in order of position, so dimensions stand beside each other. The queries of a tile share
/// each register of keys and values, which is decoded on the way; a scale, if numbers have one, is
/// multiplied in at once, which is exact.
///
/// Logits lie in scratch memory as `[page][query][32]`, relative to the first page that a query of
/// the tile sees. After the softmax those that a query does not see are NaN, which no exponential
/// is unless the whole row is.
///
/// @param headDim a multiple of 16, and of 32 if numbers have scales
/// @param rows tokens of the tile
/// @param heads query heads of the tile; query i is head `i % heads` of token `i / heads`
/// @param queryBytes distance of tokens in the matrix of queries
/// @param outBytes the same in the matrix of results
/// @param element how pages store a number
/// @param scale factor on the dot products
/// @param softCap soft cap of the logits, or 0
/// @param sinks whether each query has one
/// @param falls whether logits fall with the distance between query and key (ALiBi)
/// @param avx512 whether the code is for AVX-512; else for AVX2
public record AttentionKernel(
        int headDim,
        int rows,
        int heads,
        int queryBytes,
        int outBytes,
        KvElement element,
        float scale,
        float softCap,
        boolean sinks,
        boolean falls,
        boolean avx512) {
    private static final int MOST_QUERIES = 12;

    /// Positions of a page.
    static final int PAGE = 32;

    // Offsets in the block of arguments, whose address is the only argument.
    /// First query.
    public static final int QUERIES = 0;

    /// First result.
    public static final int RESULTS = 8;

    /// Where the head's keys would be in a page at offset 0.
    public static final int KEYS = 16;

    /// 64-bit offsets of the pages that the tile sees.
    public static final int OFFSETS = 24;

    /// Their number.
    public static final int PAGES = 32;

    /// Scratch memory of [#logitsBytes] for each page.
    public static final int LOGITS = 40;

    /// Index of the first page that all queries see all of, and that after the last.
    public static final int FULL_BEGIN = 48;

    public static final int FULL_END = 56;

    /// For each query two 32-bit numbers: the first position it sees and that after the last,
    /// counted from the start of the first page. At least one position is seen.
    public static final int RANGES = 64;

    /// Written by the kernel: one float for each query.
    static final int FACTORS = RANGES + 8 * MOST_QUERIES;

    /// For each query the logit of its sink, if it has one.
    public static final int SINKS = FACTORS + 4 * MOST_QUERIES;

    /// For each query, if logits fall: its position as in [#RANGES], and as a float what they grow
    /// by for each position between query and key.
    public static final int FALLS = SINKS + 4 * MOST_QUERIES;

    /// Bytes of the block of arguments.
    public static final int BLOCK = FALLS + 8 * MOST_QUERIES + 16;

    /// Queries of a tile at most: with two registers of results each, two of keys, two of their
    /// scales and a broadcast they fit into the 32 registers of AVX-512 or the 16 of AVX2.
    public static int mostQueries(KvElement element, boolean avx512) {
        if (avx512) {
            return MOST_QUERIES;
        }
        return element.hasScales() ? 5 : 6;
    }

    int queries() {
        return rows * heads;
    }

    /// Bytes of scratch memory for one page.
    public int logitsBytes() {
        return queries() * PAGE * 4;
    }

    /// Bytes of the keys, or of the values, of a head in a page.
    int partBytes() {
        return element.bytes(PAGE * headDim);
    }

    /// Where their scales begin.
    int scalesOffset() {
        return PAGE * headDim * element.bytes();
    }

    int queryOffset(int query) {
        return query / heads * queryBytes + query % heads * headDim * 4;
    }

    int resultOffset(int query) {
        return query / heads * outBytes + query % heads * headDim * 4;
    }

    /// Emits the kernel; its argument is the address of the block.
    public Assembler assemble() {
        // Put together by hand: the JDK's formatting takes a start 20 ms.
        String name = "attend" + rows + "x" + heads + "_" + headDim + element;
        Assembler a = RowLoop.assembler(name, avx512);
        a.save(6);
        Gpr block = a.arguments(1)[0];
        a.inScope(() -> new ScoresCode(a, this, block).emit());
        a.inScope(() -> softmax(a, block));
        a.inScope(() -> new ValuesCode(a, this, block).emit());
        a.leave();
        return a;
    }

    private void softmax(Assembler a, Gpr block) {
        Gpr logits = a.general();
        Gpr range = a.general();
        Gpr factor = a.general();
        Gpr query = a.general();
        a.mov(logits, mem(block, LOGITS));
        a.lea(range, mem(block, RANGES));
        a.lea(factor, mem(block, FACTORS));
        a.mov(query, queries());
        SoftmaxCode row = new SoftmaxCode(a, block, this);
        a.loop(
                query,
                () -> {
                    row.emit(logits, range, factor);
                    a.add(logits, 4 * PAGE);
                    a.add(range, 8);
                    a.add(factor, 4);
                });
    }
}
