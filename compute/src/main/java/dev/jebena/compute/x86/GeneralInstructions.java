package dev.jebena.compute.x86;

/// Instructions of the general registers. A [Gpr#dword] makes the 32-bit form.
abstract class GeneralInstructions {
    final Encoder code;

    GeneralInstructions(Encoder code) {
        this.code = code;
    }

    /// Adds a line to the listing.
    abstract void list(int start, String name, Object... operands);

    public void mov(Gpr d, Gpr s) {
        form("mov", 0x89, s, d);
    }

    public void mov(Gpr d, Memory s) {
        load("mov", 0x8B, d, s);
    }

    public void mov(Memory d, Gpr s) {
        int start = code.size();
        code.legacy(0, 0x89, s.wide(), s.number(), d, 0, 0);
        list(start, "mov", size(s.bits()), d, s);
    }

    /// Loads a constant in the shortest form; `0` included, so that the flags are kept.
    public void mov(Gpr d, long value) {
        int start = code.size();
        boolean unsigned = value >>> 32 == 0 || (!d.wide() && value == (int) value);
        if (unsigned || value != (int) value) {
            int rex = (unsigned ? 0 : 8) | (d.number() >> 3);
            if (rex != 0) {
                code.one(0x40 | rex);
            }
            code.one(0xB8 | (d.number() & 7));
            code.four((int) value);
            if (!unsigned) {
                code.four((int) (value >> 32));
            }
        } else {
            code.legacy(0, 0xC7, d.wide(), 0, d, (int) value, 4);
        }
        boolean full = value != (int) value && !unsigned;
        list(start, full ? "movabs" : "mov", unsigned ? d.dword() : d, value);
    }

    public void movzxByte(Gpr d, Memory s) {
        int start = code.size();
        code.legacy(0, 0x0FB6, false, d.number(), s, 0, 0);
        list(start, "movzx", d.dword(), size(8), s);
    }

    public void movzxWord(Gpr d, Memory s) {
        int start = code.size();
        code.legacy(0, 0x0FB7, false, d.number(), s, 0, 0);
        list(start, "movzx", d.dword(), size(16), s);
    }

    /// Loads 32 bits as a signed number.
    public void movsxd(Gpr d, Memory s) {
        int start = code.size();
        code.legacy(0, 0x63, true, d.number(), s, 0, 0);
        list(start, "movsxd", d, size(32), s);
    }

    public void movsxd(Gpr d, Gpr s) {
        int start = code.size();
        code.legacy(0, 0x63, true, d.number(), s, 0, 0);
        list(start, "movsxd", d, s.dword());
    }

    public void lea(Gpr d, Memory s) {
        int start = code.size();
        code.legacy(0, 0x8D, d.wide(), d.number(), s, 0, 0);
        list(start, "lea", d, s);
    }

    public void add(Gpr d, Gpr s) {
        form("add", 0x01, s, d);
    }

    public void add(Gpr d, Memory s) {
        load("add", 0x03, d, s);
    }

    public void add(Gpr d, int value) {
        arithmetic("add", 0, d, value);
    }

    public void or(Gpr d, Gpr s) {
        form("or", 0x09, s, d);
    }

    public void and(Gpr d, Gpr s) {
        form("and", 0x21, s, d);
    }

    public void and(Gpr d, int value) {
        arithmetic("and", 4, d, value);
    }

    public void sub(Gpr d, Gpr s) {
        form("sub", 0x29, s, d);
    }

    public void sub(Gpr d, Memory s) {
        load("sub", 0x2B, d, s);
    }

    public void sub(Gpr d, int value) {
        arithmetic("sub", 5, d, value);
    }

    public void xor(Gpr d, Gpr s) {
        form("xor", 0x31, s, d);
    }

    public void cmp(Gpr a, Gpr b) {
        form("cmp", 0x39, b, a);
    }

    public void cmp(Gpr a, Memory b) {
        load("cmp", 0x3B, a, b);
    }

    public void cmp(Gpr a, int value) {
        arithmetic("cmp", 7, a, value);
    }

    public void test(Gpr a, Gpr b) {
        form("test", 0x85, b, a);
    }

    public void imul(Gpr d, Gpr s) {
        int start = code.size();
        code.legacy(0, 0x0FAF, d.wide(), d.number(), s, 0, 0);
        list(start, "imul", d, s);
    }

    public void imul(Gpr d, Memory s) {
        load("imul", 0x0FAF, d, s);
    }

    public void imul(Gpr d, Gpr s, int value) {
        int start = code.size();
        boolean small = Encoder.fitsByte(value);
        code.legacy(0, small ? 0x6B : 0x69, d.wide(), d.number(), s, value, small ? 1 : 4);
        list(start, "imul", d, s, value);
    }

    public void shl(Gpr d, int count) {
        shift("shl", 4, d, count);
    }

    public void shr(Gpr d, int count) {
        shift("shr", 5, d, count);
    }

    public void sar(Gpr d, int count) {
        shift("sar", 7, d, count);
    }

    public void inc(Gpr d) {
        unary("inc", 0xFF, 0, d);
    }

    public void dec(Gpr d) {
        unary("dec", 0xFF, 1, d);
    }

    public void neg(Gpr d) {
        unary("neg", 0xF7, 3, d);
    }

    /// Copies if the condition holds.
    public void cmov(Condition condition, Gpr d, Gpr s) {
        int start = code.size();
        code.legacy(0, 0x0F40 | condition.code(), d.wide(), d.number(), s, 0, 0);
        list(start, "cmov" + condition, d, s);
    }

    /// Keeps the lowest `count` bits of `s` (BMI2; with AVX2 everywhere).
    public void bzhi(Gpr d, Gpr s, Gpr count) {
        int start = code.size();
        int spec = Spec.NP | Spec.M0F38 | 0xF5 | Spec.ONLY_VEX | (d.wide() ? Spec.W1 : 0);
        code.vector("bzhi", spec, d.number(), count.number(), s, 0, d, Encoder.NONE);
        list(start, "bzhi", d, s, count);
    }

    /// The number of the lowest bit that is set (BMI1; with AVX2 everywhere).
    public void tzcnt(Gpr d, Gpr s) {
        int start = code.size();
        code.legacy(0xF3, 0x0FBC, d.wide(), d.number(), s, 0, 0);
        list(start, "tzcnt", d, s);
    }

    public void push(Gpr s) {
        stack("push", 0x50, s);
    }

    public void pop(Gpr d) {
        stack("pop", 0x58, d);
    }

    public void prefetcht0(Memory s) {
        int start = code.size();
        code.legacy(0, 0x0F18, false, 1, s, 0, 0);
        list(start, "prefetcht0", s);
    }

    public void prefetcht1(Memory s) {
        int start = code.size();
        code.legacy(0, 0x0F18, false, 2, s, 0, 0);
        list(start, "prefetcht1", s);
    }

    public void cpuid() {
        plain("cpuid", 0x0F, 0xA2);
    }

    public void xgetbv() {
        plain("xgetbv", 0x0F, 0x01, 0xD0);
    }

    public void vzeroupper() {
        plain("vzeroupper", 0xC5, 0xF8, 0x77);
    }

    /// The bare return; [Assembler#leave] is what a function ends with.
    public void ret() {
        plain("ret", 0xC3);
    }

    private void plain(String name, int... bytes) {
        int start = code.size();
        for (int value : bytes) {
            code.one(value);
        }
        list(start, name);
    }

    private void form(String name, int opcode, Gpr reg, Gpr rm) {
        int start = code.size();
        code.legacy(0, opcode, rm.wide(), reg.number(), rm, 0, 0);
        list(start, name, rm, reg);
    }

    private void load(String name, int opcode, Gpr d, Memory s) {
        int start = code.size();
        code.legacy(0, opcode, d.wide(), d.number(), s, 0, 0);
        list(start, name, d, size(d.bits()), s);
    }

    private void unary(String name, int opcode, int extension, Gpr d) {
        int start = code.size();
        code.legacy(0, opcode, d.wide(), extension, d, 0, 0);
        list(start, name, d);
    }

    private void shift(String name, int extension, Gpr d, int count) {
        int start = code.size();
        if (count == 1) {
            code.legacy(0, 0xD1, d.wide(), extension, d, 0, 0);
        } else {
            code.legacy(0, 0xC1, d.wide(), extension, d, count, 1);
        }
        list(start, name, d, count);
    }

    private void arithmetic(String name, int extension, Gpr d, int value) {
        int start = code.size();
        if (Encoder.fitsByte(value)) {
            code.legacy(0, 0x83, d.wide(), extension, d, value, 1);
        } else if (d.number() == 0) {
            if (d.wide()) {
                code.one(0x48);
            }
            code.one((extension << 3) | 5);
            code.four(value);
        } else {
            code.legacy(0, 0x81, d.wide(), extension, d, value, 4);
        }
        list(start, name, d, value);
    }

    private void stack(String name, int opcode, Gpr register) {
        int start = code.size();
        if (register.number() > 7) {
            code.one(0x41);
        }
        code.one(opcode | (register.number() & 7));
        list(start, name, register);
    }

    static String size(int bits) {
        return switch (bits) {
            case 8 -> "BYTE PTR";
            case 16 -> "WORD PTR";
            case 32 -> "DWORD PTR";
            default -> "QWORD PTR";
        };
    }
}
