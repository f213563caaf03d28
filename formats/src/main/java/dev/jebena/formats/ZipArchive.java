package dev.jebena.formats;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.zip.CRC32;
import java.util.zip.DataFormatException;
import java.util.zip.Inflater;

/// The entries of a mapped ZIP file (APPNOTE.TXT of PKWARE, with the 64-bit extension): stored ones
/// as slices of the mapping, deflated ones in memory of their own.
final class ZipArchive {
    /// An entry of the central directory.
    ///
    /// @param deflated whether its bytes are compressed
    /// @param packed bytes in the file
    /// @param size bytes of the content
    /// @param offset of the content in the file
    record Entry(String name, boolean deflated, long packed, long size, long crc, long offset) {}

    private static final int MOST_ENTRIES = 1_000_000;
    private static final long LONGEST_DIRECTORY = 256L << 20;
    private static final long ALWAYS_INFLATED = 1L << 30;
    private static final int INFLATED_TIMES = 100;
    private static final int CHUNK = 1 << 16;
    private static final ValueLayout.OfShort U16 =
            ValueLayout.JAVA_SHORT_UNALIGNED.withOrder(ByteOrder.LITTLE_ENDIAN);
    private static final ValueLayout.OfInt U32 =
            ValueLayout.JAVA_INT_UNALIGNED.withOrder(ByteOrder.LITTLE_ENDIAN);
    private static final ValueLayout.OfLong I64 =
            ValueLayout.JAVA_LONG_UNALIGNED.withOrder(ByteOrder.LITTLE_ENDIAN);
    private static final int END = 0x06054b50;
    private static final int END_BYTES = 22;
    private static final int END64 = 0x06064b50;
    private static final int END64_BYTES = 56;
    private static final int LOCATOR64 = 0x07064b50;
    private static final int LOCATOR64_BYTES = 20;
    private static final int CENTRAL = 0x02014b50;
    private static final int CENTRAL_BYTES = 46;
    private static final int LOCAL = 0x04034b50;
    private static final int LOCAL_BYTES = 30;
    private static final long NOT_HERE = 0xffff_ffffL;

    private final MappedFile file;
    private final Map<String, Entry> entries = new LinkedHashMap<>();
    private long inflated;

    private ZipArchive(MappedFile file) {
        this.file = file;
    }

    /// Whether `file` begins like a ZIP file that has entries.
    static boolean is(MappedFile file) {
        return file.size() >= 4
                && (file.bytes().get(U32, 0) == LOCAL || file.bytes().get(U32, 0) == END);
    }

    static ZipArchive read(MappedFile file) {
        ZipArchive archive = new ZipArchive(file);
        archive.readDirectory();
        return archive;
    }

    Map<String, Entry> entries() {
        return entries;
    }

    /// An entry's content: mapped, and aligned to `alignment` from byte `from` of it on, when it is
    /// stored.
    MemorySegment content(Entry entry, long from, int alignment) {
        if (!entry.deflated) {
            return file.aligned(entry.offset + from, entry.size - from, alignment);
        }
        return inflate(entry).asSlice(from);
    }

    MemorySegment content(Entry entry) {
        return content(entry, 0, 1);
    }

    /// The first bytes of an entry, `most` at most.
    byte[] head(Entry entry, int most) {
        int length = (int) Math.min(entry.size, most);
        MemorySegment packed = file.bytes().asSlice(entry.offset, entry.packed);
        if (!entry.deflated) {
            return packed.asSlice(0, length).toArray(ValueLayout.JAVA_BYTE);
        }
        byte[] head = new byte[length];
        Inflater inflater = new Inflater(true);
        try {
            inflater.setInput(
                    packed.asSlice(0, Math.min(packed.byteSize(), Integer.MAX_VALUE))
                            .asByteBuffer());
            int done = 0;
            while (done < length) {
                int more = inflater.inflate(head, done, length - done);
                if (more == 0) {
                    throw problem(entry, "its compressed data ends early");
                }
                done += more;
            }
            return head;
        } catch (DataFormatException e) {
            throw damaged(entry, e);
        } finally {
            inflater.end();
        }
    }

    private MemorySegment inflate(Entry entry) {
        long most = Math.max(ALWAYS_INFLATED, file.size() * INFLATED_TIMES);
        inflated += entry.size;
        if (inflated > most) {
            throw problem(
                    entry,
                    "the entries read so far unpack to %d bytes, at most %d are allowed for a file of %d; save it without compression"
                            .formatted(inflated, most, file.size()));
        }
        MemorySegment target = file.allocate(entry.size);
        Inflater inflater = new Inflater(true);
        CRC32 crc = new CRC32();
        try {
            long read = 0;
            long written = 0;
            byte[] chunk = new byte[(int) Math.min(CHUNK, entry.size + 1)];
            while (!inflater.finished()) {
                if (inflater.needsInput()) {
                    long part = Math.min(entry.packed - read, 1 << 20);
                    if (part == 0) {
                        throw problem(entry, "its compressed data ends early");
                    }
                    inflater.setInput(
                            file.bytes().asSlice(entry.offset + read, part).asByteBuffer());
                    read += part;
                }
                int count = inflater.inflate(chunk);
                if (count > entry.size - written) {
                    throw problem(entry, "it unpacks to more than its " + entry.size + " bytes");
                }
                if (count == 0 && inflater.needsDictionary()) {
                    throw problem(entry, "its compression needs a dictionary");
                }
                crc.update(chunk, 0, count);
                MemorySegment.copy(chunk, 0, target, ValueLayout.JAVA_BYTE, written, count);
                written += count;
            }
            checkInflated(entry, written, crc.getValue());
            return target.asReadOnly();
        } catch (DataFormatException e) {
            throw damaged(entry, e);
        } finally {
            inflater.end();
        }
    }

    private void checkInflated(Entry entry, long written, long crc) {
        if (written != entry.size) {
            throw problem(
                    entry, "it unpacks to %d bytes instead of %d".formatted(written, entry.size));
        }
        if (crc != entry.crc) {
            throw problem(
                    entry,
                    "its checksum is %08x instead of %08x; download the file again"
                            .formatted(crc, entry.crc));
        }
    }

    private void readDirectory() {
        long end = findEnd();
        long count = u16(end + 10);
        long size = u32(end + 12);
        long offset = u32(end + 16);
        long locator = end - LOCATOR64_BYTES;
        if (locator >= 0 && signature(locator) == LOCATOR64) {
            long end64 = file.bytes().get(I64, locator + 8);
            require(end64, END64_BYTES, "the 64-bit end of the directory");
            if (signature(end64) != END64) {
                throw file.problem(end64, "there is no 64-bit end of the ZIP directory");
            }
            count = file.bytes().get(I64, end64 + 32);
            size = file.bytes().get(I64, end64 + 40);
            offset = file.bytes().get(I64, end64 + 48);
        }
        require(offset, size, "the directory");
        if (count < 0
                || count > MOST_ENTRIES
                || count > size / CENTRAL_BYTES
                || size > LONGEST_DIRECTORY) {
            throw file.problem(
                    end,
                    "the ZIP directory of %d bytes says that it has %s entries"
                            .formatted(size, Long.toUnsignedString(count)));
        }
        List<Extent> extents = new ArrayList<>();
        long at = offset;
        for (long i = 0; i < count; i++) {
            at = readEntry(at, offset + size, offset, extents);
        }
        Extent.checkOverlap(file, extents.toArray(Extent[]::new));
    }

    /// The end of the directory lies at the end of the file, before a comment of up to 65,535
    /// bytes.
    private long findEnd() {
        long last = file.size() - END_BYTES;
        for (long at = last; at >= Math.max(0, last - 0xffff); at--) {
            if (signature(at) == END && u16(at + 20) == last - at) {
                return at;
            }
        }
        throw file.problem("there is no ZIP directory at its end; it is truncated or no ZIP file");
    }

    private long readEntry(long at, long end, long directory, List<Extent> extents) {
        if (end - at < CENTRAL_BYTES || signature(at) != CENTRAL) {
            throw file.problem(at, "expected an entry of the ZIP directory");
        }
        int flags = u16(at + 8);
        int method = u16(at + 10);
        int nameLength = u16(at + 28);
        int extraLength = u16(at + 30);
        long next = at + CENTRAL_BYTES + nameLength + extraLength + u16(at + 32);
        if (next > end) {
            throw file.problem(at, "an entry of the ZIP directory ends after the directory");
        }
        String name = name(at + CENTRAL_BYTES, nameLength);
        if ((flags & 1) != 0 || (method != 0 && method != 8)) {
            throw file.problem(
                    at,
                    "the entry %s is %s; save the file again without"
                            .formatted(
                                    Names.quoted(name),
                                    (flags & 1) != 0
                                            ? "encrypted"
                                            : "compressed by method "
                                                    + method
                                                    + ", stored (0) and deflated (8) can be read"));
        }
        long[] sizes = sizes(at, at + CENTRAL_BYTES + nameLength, extraLength, name);
        long offset = contentOffset(name, sizes[2], sizes[1], directory);
        Entry entry = new Entry(name, method == 8, sizes[1], sizes[0], u32(at + 16), offset);
        if (method == 0 && entry.size != entry.packed) {
            throw problem(
                    entry,
                    "it is stored, but has %d bytes of %d".formatted(entry.packed, entry.size));
        }
        if (method == 8 && entry.size / 1_100 > entry.packed) {
            throw problem(
                    entry, "%d bytes cannot unpack to %d".formatted(entry.packed, entry.size));
        }
        if (entries.put(name, entry) != null) {
            throw problem(entry, "there are two entries of this name");
        }
        extents.add(new Extent(name, offset, entry.packed));
        return next;
    }

    /// Content size, packed size and offset of the local header: from the 64-bit extra field where
    /// the 32-bit ones say so.
    private long[] sizes(long at, long extra, int extraLength, String name) {
        long[] sizes = {u32(at + 24), u32(at + 20), u32(at + 42)};
        long end = extra + extraLength;
        for (long field = extra; end - field >= 4; field += 4 + u16(field + 2)) {
            long value = field + 4;
            long valueEnd = Math.min(end, value + u16(field + 2));
            for (int i = 0; u16(field) == 1 && i < sizes.length; i++) {
                if (sizes[i] == NOT_HERE && valueEnd - value >= 8) {
                    sizes[i] = file.bytes().get(I64, value);
                    value += 8;
                }
            }
        }
        for (long size : sizes) {
            if (size < 0) {
                throw file.problem(
                        at,
                        "the entry %s has the size or offset %s"
                                .formatted(Names.quoted(name), Long.toUnsignedString(size)));
            }
        }
        return sizes;
    }

    private long contentOffset(String name, long header, long packed, long directory) {
        require(header, LOCAL_BYTES, "the entry " + Names.quoted(name));
        if (signature(header) != LOCAL) {
            throw file.problem(
                    header, "expected the header of the ZIP entry " + Names.quoted(name));
        }
        long offset = header + LOCAL_BYTES + u16(header + 26) + u16(header + 28);
        if (packed > directory - offset) {
            throw file.problem(
                    header,
                    "the ZIP entry %s of %d bytes does not end before the directory at byte %d"
                            .formatted(Names.quoted(name), packed, directory));
        }
        return offset;
    }

    private String name(long at, int length) {
        byte[] utf8 = file.bytes().asSlice(at, length).toArray(ValueLayout.JAVA_BYTE);
        return new String(utf8, StandardCharsets.UTF_8);
    }

    private void require(long offset, long length, String what) {
        if (offset < 0 || length < 0 || length > file.size() - offset) {
            throw file.problem(
                    "%s of the ZIP file lies at byte %s, outside of its %d bytes; download it again"
                            .formatted(what, Long.toUnsignedString(offset), file.size()));
        }
    }

    private int signature(long at) {
        return file.bytes().get(U32, at);
    }

    private int u16(long at) {
        return file.bytes().get(U16, at) & 0xffff;
    }

    private long u32(long at) {
        return file.bytes().get(U32, at) & 0xffff_ffffL;
    }

    private FormatException problem(Entry entry, String what) {
        return file.problem("the ZIP entry " + Names.quoted(entry.name) + ": " + what);
    }

    private FormatException damaged(Entry entry, DataFormatException e) {
        FormatException problem = problem(entry, "its compressed data is damaged");
        problem.initCause(e);
        return problem;
    }
}
