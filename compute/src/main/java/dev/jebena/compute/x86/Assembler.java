package dev.jebena.compute.x86;

import static dev.jebena.compute.x86.Memory.mem;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/// Writes one function of machine code, one method call an instruction; see the package's page.
///
/// A function follows the System V convention: up to six integer arguments in registers
/// ([#arguments]), further ones on the stack; it ends with [#leave]. Vector and mask registers are
/// free to use. Registers are named by number ([VectorRegister#zmm], [Gpr#RAX]) or handed out by
/// [#vector], [#general], [#mask].
///
/// With [#avx2] an instruction that needs AVX-512 is refused while assembling.
public final class Assembler extends RegisterPool
        implements MoveInstructions,
                IntegerInstructions,
                BitInstructions,
                ShuffleInstructions,
                ConversionInstructions,
                FloatInstructions,
                MaskInstructions {
    private final String name;
    private final List<String> lines = new ArrayList<>();
    private final boolean listing;
    private final List<Pool> pools = new ArrayList<>();
    private int labels;

    private record Pool(Label label, byte[] bytes) {}

    private Assembler(String name, boolean evex, boolean listing) {
        super(new Encoder(evex));
        this.name = name;
        this.listing = listing;
    }

    /// For CPUs with AVX-512; [#vector] hands out 512-bit registers.
    public static Assembler avx512(String name) {
        return new Assembler(name, true, Boolean.getBoolean("jebena.listing"));
    }

    /// For CPUs with AVX2 and FMA; [#vector] hands out 256-bit registers.
    public static Assembler avx2(String name) {
        return new Assembler(name, false, Boolean.getBoolean("jebena.listing"));
    }

    /// The same function with a listing that [#listing] returns.
    Assembler listed() {
        return new Assembler(name, hasAvx512(), true);
    }

    public String name() {
        return name;
    }

    /// The function's bytes: code, then the constants.
    public byte[] finish() {
        for (Pool pool : pools) {
            align(pool.bytes.length >= 64 ? 64 : Math.max(4, pool.bytes.length));
            bind(pool.label);
            for (byte value : pool.bytes) {
                code.one(value);
            }
        }
        pools.clear();
        return code.finish();
    }

    /// Offset, bytes and text of each instruction, if the listing was asked for.
    public String listing() {
        return String.join("\n", lines);
    }

    /// A remark for the listing.
    public void comment(String text) {
        if (listing) {
            lines.add("; " + text);
        }
    }

    @Override
    void list(int start, String mnemonic, Object... operands) {
        if (!listing) {
            return;
        }
        var hex = new StringBuilder();
        for (int i = start; i < code.size(); i++) {
            hex.append("%02x".formatted(code.get(i)));
        }
        lines.add("%5x  %-24s %s".formatted(start, hex, Text.line(mnemonic, operands)));
    }

    public Label label(String text) {
        return new Label(text + "_" + labels++);
    }

    /// A label here.
    public Label here(String text) {
        Label label = label(text);
        bind(label);
        return label;
    }

    /// Sets the label to this place.
    public void bind(Label label) {
        if (label.offset >= 0) {
            throw new IllegalStateException("label " + label + " is bound twice");
        }
        label.offset = code.size();
        if (listing) {
            lines.add(label + ":");
        }
    }

    /// Jumps; backwards in two bytes where it is near enough.
    public void jmp(Label target) {
        jump("jmp", 0xEB, target);
    }

    public void jcc(Condition condition, Label target) {
        jump("j" + condition, 0x70 | condition.code(), target);
    }

    private void jump(String mnemonic, int opcode, Label target) {
        int start = code.size();
        int distance = target.offset - (start + 2);
        if (target.offset >= 0 && Encoder.fitsByte(distance)) {
            code.one(opcode);
            code.one(distance);
        } else {
            if (opcode == 0xEB) {
                code.one(0xE9);
            } else {
                code.one(0x0F);
                code.one(opcode + 0x10);
            }
            code.distance(target);
        }
        list(start, mnemonic, target);
    }

    /// Does `body` `count` times, at least once; `count` is 0 afterwards.
    public void loop(Gpr count, Runnable body) {
        loop(count, 1, body);
    }

    /// Does `body` and lowers `count` by `step` until it is 0 or less (signed), at least once.
    public void loop(Gpr count, int step, Runnable body) {
        Label top = here("loop");
        inScope(body);
        if (step == 1) {
            dec(count);
            jcc(Condition.NE, top);
        } else {
            sub(count, step);
            jcc(Condition.G, top);
        }
    }

    /// Does `body` unless the condition holds on the current flags.
    public void unless(Condition condition, Runnable body) {
        Label end = label("unless");
        jcc(condition, end);
        inScope(body);
        bind(end);
    }

    /// Fills with no-ops to a multiple of `bytes`, a power of two up to 64.
    public void align(int bytes) {
        while (code.size() % bytes != 0) {
            code.one(0x90);
        }
    }

    /// Read-only constants behind the code, aligned to their length (up to 64 bytes).
    public Memory constants(byte... bytes) {
        Label label = label("constant");
        pools.add(new Pool(label, bytes.clone()));
        return Memory.at(label);
    }

    public Memory constants(int... values) {
        byte[] bytes = new byte[4 * values.length];
        for (int i = 0; i < bytes.length; i++) {
            bytes[i] = (byte) (values[i / 4] >> (8 * (i % 4)));
        }
        return constants(bytes);
    }

    public Memory constants(float... values) {
        int[] bits = new int[values.length];
        for (int i = 0; i < bits.length; i++) {
            bits[i] = Float.floatToRawIntBits(values[i]);
        }
        return constants(bits);
    }

    /// Fills a register with one 32-bit value.
    public void fill(VectorRegister d, int value) {
        vpbroadcastd(d, constants(value));
    }

    public void fill(VectorRegister d, float value) {
        fill(d, Float.floatToRawIntBits(value));
    }

    /// Sets a register to 0.
    public void clear(VectorRegister d) {
        vpxor(d, d, d);
    }

    /// Where argument `index` (6 or more) lies on the stack.
    public Memory stackArgument(int index) {
        return mem(Gpr.RSP, 8 * (index - 6) + 8 * (saved().size() + 1));
    }

    /// The end of the function: upper halves cleared, saved registers restored, return.
    public void leave() {
        vzeroupper();
        for (Gpr register : saved().reversed()) {
            pop(register);
        }
        ret();
    }

    @Override
    public void emit(String mnemonic, int spec, Register d, Operand s) {
        emit(mnemonic, spec, d, s, Encoder.NONE);
    }

    @Override
    public void emit(String mnemonic, int spec, Register d, Operand s, int immediate) {
        int start = code.size();
        int bits = widest(mnemonic, spec, d, d, s);
        code.vector(mnemonic, spec, d.number(), 0, s, bits, d, immediate);
        list(start, mnemonic, d, new Text.Source(spec, bits, s), immediate);
    }

    @Override
    public void emit(String mnemonic, int spec, Register d, Register a, Operand b) {
        emit(mnemonic, spec, d, a, b, Encoder.NONE);
    }

    @Override
    public void emit(String mnemonic, int spec, Register d, Register a, Operand b, int immediate) {
        int start = code.size();
        int bits = widest(mnemonic, spec, d, a, b);
        code.vector(mnemonic, spec, d.number(), a.number(), b, bits, d, immediate);
        list(start, mnemonic, d, a, new Text.Source(spec, bits, b), immediate);
    }

    @Override
    public void emitStore(String mnemonic, int spec, Operand d, Register s) {
        emitStore(mnemonic, spec, d, s, Encoder.NONE);
    }

    @Override
    public void emitStore(String mnemonic, int spec, Operand d, Register s, int immediate) {
        int start = code.size();
        int bits = widest(mnemonic, spec, s, s, d);
        code.vector(mnemonic, spec, s.number(), 0, d, bits, d, immediate);
        list(start, mnemonic, new Text.Source(spec, bits, d), s, immediate);
    }

    @Override
    public void emitShift(
            String mnemonic, int spec, int extension, Register d, Operand s, int immediate) {
        int start = code.size();
        int bits = widest(mnemonic, spec, d, d, s);
        int form = s instanceof Memory ? spec | Spec.ONLY_EVEX : spec; // VEX shifts registers only
        code.vector(mnemonic, form, extension, d.number(), s, bits, d, immediate);
        list(start, mnemonic, d, new Text.Source(spec, bits, s), immediate);
    }

    @Override
    public void emitGather(
            String mnemonic, int spec, VectorRegister d, VectorRegister mask, Memory s) {
        int start = code.size();
        code.vector(mnemonic, spec, d.number(), mask.number(), s, d.bits(), d, Encoder.NONE);
        list(start, mnemonic, d, new Text.Source(spec, d.bits(), s), mask);
    }

    @Override
    public void emitBlend(
            String mnemonic,
            int spec,
            VectorRegister d,
            VectorRegister a,
            VectorOperand b,
            VectorRegister mask) {
        int start = code.size();
        int bits = widest(mnemonic, spec, d, a, b);
        code.vector(mnemonic, spec, d.number(), a.number(), b, bits, d, mask.number() << 4);
        list(start, mnemonic, d, a, new Text.Source(spec, bits, b), mask);
    }

    /// The width that the instruction works with; checks the operands on the way.
    private static int widest(String mnemonic, int spec, Register a, Register b, Operand c) {
        if (c instanceof Memory memory && memory.isBroadcast() && !Spec.broadcasts(spec)) {
            throw new IllegalArgumentException(mnemonic + " cannot broadcast from memory");
        }
        int widest = (spec & Spec.VECTOR256) != 0 ? 256 : 0;
        int least = Integer.MAX_VALUE;
        for (Operand operand : new Operand[] {a, b, c}) {
            if (operand instanceof VectorRegister register) {
                widest = Math.max(widest, register.bits());
                least = Math.min(least, register.bits());
            }
        }
        if (Spec.sameWidth(spec) && least < widest) {
            throw new IllegalArgumentException(
                    String.format(Locale.ROOT, "%s: widths differ: %s, %s, %s", mnemonic, a, b, c));
        }
        return widest;
    }
}
