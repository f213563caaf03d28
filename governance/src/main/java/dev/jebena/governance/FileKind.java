package dev.jebena.governance;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Locale;
import java.util.Set;

/// What a file is by its first bytes.
enum FileKind {
    ZIP,
    GZIP,
    TAR,
    /// Archives that cannot be looked into: 7z, xz, bzip2, Zstandard, RAR.
    OTHER_ARCHIVE,
    ZLIB,
    /// A pickle of protocol 2 or later.
    PICKLE,
    /// A pickle of protocol 0 or 1, as far as its first bytes tell.
    OLD_PICKLE,
    NUMPY,
    GGUF,
    HDF5,
    EXECUTABLE,
    SCRIPT,
    TEXT,
    BINARY;

    /// How many first bytes are looked at.
    static final int HEAD = 4096;

    private static final Set<String> PICKLES =
            Set.of("pkl", "pickle", "joblib", "dat", "data", "p", "pck", "sav");

    private static final Set<String> TORCH = Set.of("pt", "pth", "bin", "ckpt", "pt2", "ptl");

    /// The ending of a name without the dot, in lower case.
    static String ending(String name) {
        String file = name.substring(Math.max(name.lastIndexOf('/'), name.lastIndexOf('!')) + 1);
        return file.substring(file.lastIndexOf('.') + 1).toLowerCase(Locale.ROOT);
    }

    /// Whether a pickle is expected in a file of this name.
    static boolean isPickleName(String name) {
        return PICKLES.contains(ending(name)) || isTorchName(name);
    }

    static boolean isTorchName(String name) {
        return TORCH.contains(ending(name));
    }

    /// @param head the first bytes, fewer than [#HEAD] where the file is shorter
    static FileKind of(byte[] head, String name) {
        FileKind magic = byMagic(head);
        if (magic != BINARY) {
            return magic;
        }
        if (isZlib(head) && isPickleName(name)) {
            return ZLIB;
        }
        if (isOldPickle(head, name)) {
            return OLD_PICKLE;
        }
        return isText(head) ? TEXT : BINARY;
    }

    private static FileKind byMagic(byte[] head) {
        if (starts(head, 0, "PK\3\4") || starts(head, 0, "PK\5\6") || starts(head, 0, "PK\7\b")) {
            return ZIP;
        }
        if (starts(head, 0, 0x1f, 0x8b)) {
            return GZIP;
        }
        if (starts(head, 257, "ustar")) {
            return TAR;
        }
        if (starts(head, 0, "7z\u00bc\u00af'\34")
                || starts(head, 0, "\u00fd7zXZ")
                || starts(head, 0, "BZh")
                || starts(head, 0, 0x28, 0xb5, 0x2f, 0xfd)
                || starts(head, 0, "Rar!\u001a\7")) {
            return OTHER_ARCHIVE;
        }
        if (head.length > 2 && head[0] == (byte) 0x80 && head[1] >= 2 && head[1] <= 5) {
            return PICKLE;
        }
        if (starts(head, 0, "\u0093NUMPY")) {
            return NUMPY;
        }
        if (starts(head, 0, "GGUF")) {
            return GGUF;
        }
        if (starts(head, 0, "\u0089HDF\r\n\u001a\n")) {
            return HDF5;
        }
        if (isExecutable(head)) {
            return EXECUTABLE;
        }
        return starts(head, 0, "#!") ? SCRIPT : BINARY;
    }

    /// ELF, PE, Mach-O, WebAssembly, Java and Android classes.
    private static boolean isExecutable(byte[] head) {
        return starts(head, 0, "\u007fELF")
                || isPortableExecutable(head)
                || starts(head, 0, 0xfe, 0xed, 0xfa, 0xce)
                || starts(head, 0, 0xfe, 0xed, 0xfa, 0xcf)
                || starts(head, 0, 0xce, 0xfa, 0xed, 0xfe)
                || starts(head, 0, 0xcf, 0xfa, 0xed, 0xfe)
                || starts(head, 0, 0xca, 0xfe, 0xba, 0xbe)
                || starts(head, 0, 0, 'a', 's', 'm')
                || starts(head, 0, "dex\n0");
    }

    private static boolean isPortableExecutable(byte[] head) {
        if (!starts(head, 0, "MZ") || head.length < 64) {
            return false;
        }
        int header = (head[60] & 0xff) | (head[61] & 0xff) << 8;
        return starts(head, header, 'P', 'E', 0, 0);
    }

    private static boolean isZlib(byte[] head) {
        return head.length > 2
                && head[0] == 0x78
                && ((head[0] & 0xff) * 256 + (head[1] & 0xff)) % 31 == 0;
    }

    /// Protocols 0 and 1 have no mark. A `GLOBAL` line or a mark at the start is one, in a file
    /// that is called a pickle anything is.
    private static boolean isOldPickle(byte[] head, String name) {
        if (head.length == 0) {
            return false;
        }
        String start = new String(head, 0, Math.min(200, head.length), StandardCharsets.ISO_8859_1);
        return (PICKLES.contains(ending(name))
                        && "(]}clIJKMNSVUXTGF\200".indexOf(start.charAt(0)) >= 0)
                || start.matches(
                        "(?s)\\(?(?:[lditp0-9]|\\n)*c[A-Za-z_][\\w.]*\\n[A-Za-z_][\\w.]*\\n.*");
    }

    private static boolean isText(byte[] head) {
        int strange = 0;
        for (byte b : head) {
            if (b == 0) {
                return false;
            }
            if (b >= 0 && b < 32 && b != '\n' && b != '\r' && b != '\t' && b != '\f' && b != 27) {
                strange++;
            }
        }
        return strange * 50 <= head.length;
    }

    private static boolean starts(byte[] head, int at, String magic) {
        return starts(head, at, magic.chars().toArray());
    }

    private static boolean starts(byte[] head, int at, int... magic) {
        return head.length >= at + magic.length
                && Arrays.equals(Arrays.copyOfRange(head, at, at + magic.length), bytes(magic));
    }

    private static byte[] bytes(int... values) {
        byte[] bytes = new byte[values.length];
        for (int i = 0; i < bytes.length; i++) {
            bytes[i] = (byte) values[i];
        }
        return bytes;
    }
}
