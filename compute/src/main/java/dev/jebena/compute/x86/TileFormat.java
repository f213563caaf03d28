package dev.jebena.compute.x86;

/// How quantized weights lie in packed memory, for each block format of the same name.
///
/// A tile is 16 rows of weights (16 outputs) in one piece, read from begin to end: a stream that
/// the memory delivers at its full rate, which several streams side by side do not reach. It is a
/// sequence of records, one for each stored block of the rows. A record consists of parts for 32
/// elements each; the super-blocks of 256 elements (the K formats and IQ4_XS) have eight parts
/// behind a header with the sixteen scales `d` as float16 and, if there are offsets, sixteen
/// `dmin`.
///
/// A part begins with planes of 64 bytes. A vector of 64 bytes is *group* g: the elements 4g to 4g
/// + 3 of all 16 rows, four bytes a row. So one instruction multiplies it with four activations and
///   adds up:
/// - 8 bits: eight groups;
/// - 4 bits: four vectors with group j in the low and group j + 4 in the high nibbles;
/// - 2 bits: two vectors, group 4i + j in bits 2j and 2j + 1 of vector i;
/// - high bits that are added to nibbles or pairs: one vector with one bit of each group (see
///   [#bitOf]), or two vectors with pairs as above.
///
/// Behind the planes: sixteen float16 scales and sixteen float16 offsets; or, in super-blocks,
/// sixteen bytes for each factor of `d` and then of `dmin`. Q2_K joins both factors in one byte, as
/// it is stored.
public enum TileFormat {
    Q4_0(4, 0, 3, 0),
    Q4_1(4, 0, -1, Trait.OFFSET),
    Q5_0(4, 1, 4, 0),
    Q5_1(4, 1, -1, Trait.OFFSET),
    Q8_0(8, 0, 7, 0),
    IQ4_NL(4, 0, 7, Trait.LOOKUP),
    Q4_K(4, 0, -1, Trait.OFFSET | Trait.SUPER),
    Q5_K(4, 1, -1, Trait.OFFSET | Trait.SUPER),
    IQ4_XS(4, 0, 7, Trait.LOOKUP | Trait.SUPER),
    Q6_K(4, 2, 5, Trait.HALVES | Trait.SUPER),
    Q3_K(2, 1, 2, Trait.HALVES | Trait.SUPER),
    Q2_K(2, 0, -1, Trait.HALVES | Trait.OFFSET | Trait.SUPER);

    /// Rows of a tile.
    public static final int ROWS = 16;

    private static final class Trait {
        static final int OFFSET = 1;
        static final int SUPER = 2;
        static final int HALVES = 4;
        static final int LOOKUP = 8;
    }

    /// Bits of an element in the first planes: 8, 4 or 2.
    final int lowBits;

    /// Bits of an element in the planes after those: 0, 1 or 2.
    final int highBits;

    /// The packed numbers stand for themselves minus 2 to the power of this; -1 for no zero point.
    final int zeroShift;

    /// Whether a multiple of the sum of activations is added.
    final boolean offset;

    /// Whether eight parts share a header.
    final boolean isSuper;

    /// Whether each 16 elements have a scale, not each 32.
    final boolean halves;

    /// Whether nibbles stand for the sixteen values of IQ4_NL (packed plus 128, the zero point).
    final boolean lookup;

    TileFormat(int lowBits, int highBits, int zeroShift, int traits) {
        this.lowBits = lowBits;
        this.highBits = highBits;
        this.zeroShift = zeroShift;
        offset = (traits & Trait.OFFSET) != 0;
        isSuper = (traits & Trait.SUPER) != 0;
        halves = (traits & Trait.HALVES) != 0;
        lookup = (traits & Trait.LOOKUP) != 0;
    }

    /// The bit of each byte of the high plane that belongs to group `group`. This order needs the
    /// fewest steps to get from the order in which Q5_0 stores the bits.
    static int bitOf(int group) {
        return 4 * (group & 1) + 2 * (group >> 2) + ((group >> 1) & 1);
    }

    /// Parts of a record.
    int parts() {
        return isSuper ? 8 : 1;
    }

    /// Elements of a row in one record.
    public int elements() {
        return 32 * parts();
    }

    int headerBytes() {
        return isSuper ? (offset ? 64 : 32) : 0;
    }

    /// Where the high planes begin in a part.
    int highPlane() {
        return 64 * lowBits;
    }

    /// Where the scales begin in a part.
    int scales() {
        return 64 * (lowBits + highBits);
    }

    int scaleBytes() {
        return !isSuper ? 32 : halves ? 32 : 16;
    }

    /// Where the offsets begin in a part; Q2_K has them in the same bytes as the scales.
    int offsets() {
        return joined() ? scales() : scales() + scaleBytes();
    }

    /// Whether one byte holds the factors of both scale and offset.
    boolean joined() {
        return offset && halves;
    }

    int partBytes() {
        return scales() + scaleBytes() * (offset && !joined() ? 2 : 1);
    }

    int recordBytes() {
        return headerBytes() + parts() * partBytes();
    }

    /// Bytes of a tile of rows with `columns` elements.
    public long tileBytes(int columns) {
        return (long) columns / elements() * recordBytes();
    }
}
