#!/usr/bin/env python3
"""Makes encodings.txt: instructions and the bytes that the GNU assembler makes of them.

Needs `as` and `objcopy` of GNU binutils (2.38 or newer). Run:
    python3 make_encodings.py > ../resources/dev/jebena/compute/x86/encodings.txt

SHAPES says which operands an instruction takes; the encodings come from the assembler alone.
  v        vector register of the instruction's width     h q      of half, a quarter of it
  x y      xmm, ymm                                       r d      64-bit, 32-bit general register
  vm hm xm ym qm   that register or memory                v4 v8    register, memory, or a broadcast element
  m        memory                                         V        memory with a vector index
  k        mask register                                  i        immediate
Flags after a slash: z = the destination may have a mask and zeroing, k = a mask only, K = always a mask,
2 = only the registers that AVX2 has, 5 = only AVX-512 has it. Widths are 128, 256 and 512 bits, with 2 or y
128 and 256, with w 256 and 512, with W 512, with s one (scalars).
(vmovq with memory is compared for xmm0-15 only: of two EVEX encodings that do the same the assembler takes
the other one.)
"""
import random
import re
import subprocess
import sys
import tempfile

SHAPES = """
v v v4 /z: vpaddd vpsubd vpmulld vpminsd vpmaxsd vpminud vpmaxud vpsllvd vpsrlvd vpsravd vunpcklps vunpckhps vpunpckldq vpunpckhdq vpackssdw vpackusdw
v v v4 /z: vaddps vsubps vmulps vdivps vminps vmaxps vandps vandnps vorps vxorps
v v v4 /z: vfmadd132ps vfmadd213ps vfmadd231ps vfmsub132ps vfmsub213ps vfmsub231ps vfnmadd132ps vfnmadd213ps vfnmadd231ps
v v v4 /z: vpdpbusd vpdpbusds vpdpwssd vpdpwssds
v v vm /2y: {vex}vpdpbusd {vex}vpdpbusds {vex}vpdpwssd {vex}vpdpwssds
v v v4 /z5: vpandd vpandnd vpord vpxord vpermi2d vpermi2ps vpermt2d vpermt2ps vblendmps vpblendmd vdpbf16ps vcvtne2ps2bf16 vscalefps
v v v4 /zw: vpermd vpermps
v v v8 /z: vpaddq vpsubq vpmuludq vpsllvq vpsrlvq vunpcklpd vunpckhpd vpunpcklqdq vpunpckhqdq
v v v8 /z5: vpermt2q vpmultishiftqb
v v vm /z: vpaddb vpaddw vpaddsw vpsubb vpsubw vpmullw vpmulhw vpmulhuw vpmulhrsw vpmaddwd vpmaddubsw vpminsb vpminsw vpminub vpmaxsb vpmaxsw vpmaxub vpshufb vpunpcklbw vpunpcklwd vpunpckhbw vpunpckhwd vpacksswb vpackuswb
v v vm /: vpsadbw
v v vm /z5: vpermb vpermw vpermi2b vpermi2w vpermt2b vpermt2w vpsllvw vpsrlvw vpsravw vpblendmb
v v vm /2y: vpsignb vpsignw vpsignd vhaddps vpcmpeqb vpcmpeqd vpcmpgtb vpcmpgtd
v v vm /2y: vpand vpandn vpor vpxor
v v4 /z: vpabsd vcvtdq2ps vcvtps2dq vcvttps2dq vsqrtps
v v4 /z5: vcvtudq2ps vgetexpps vrcp14ps vrsqrt14ps
v vm /z: vpabsb vpabsw
v vm /2y: vrcpps vrsqrtps
v v4 i /z: vpshufd vpsrld vpslld vpsrad
v v4 i /z5: vrndscaleps vreduceps vgetmantps
v v8 i /z: vpsrlq vpsllq
v v8 i /zw: vpermq vpermpd
v vm i /z: vpshuflw vpshufhw vpsrlw vpsllw vpsraw
v vm i /: vpsrldq vpslldq
v vm i /2y: vroundps
v v xm /z: vpsrlw vpsrld vpsrlq vpsraw vpsrad vpsllw vpslld vpsllq
v v v4 i /z: vshufps
v v v4 i /z5: vpternlogd valignd
v v v4 i /z5w: vshuff32x4 vshufi32x4
v v v8 i /z5w: vshuff64x2 vshufi64x2
v v vm i /z: vpalignr
y y ym i /2: vperm2f128 vperm2i128
v v vm i /2y: vblendps vpblendd vcmpps
v v vm v /2y: vblendvps vpblendvb
xm y i /2: vextractf128 vextracti128
xm v i /z5w: vextractf32x4 vextracti32x4
ym v i /z5W: vextractf32x8 vextracti32x8 vextractf64x4 vextracti64x4
y y xm i /2: vinsertf128 vinserti128
v v xm i /z5w: vinsertf32x4 vinserti32x4
v v ym i /z5W: vinsertf32x8 vinserti32x8 vinsertf64x4 vinserti64x4
v m /z: vmovups vmovaps
v v /z: vmovups vmovaps
m v /k: vmovups vmovaps
v m /2y: vmovdqu vmovdqa
v v /2y: vmovdqu vmovdqa
m v /2y: vmovdqu vmovdqa
v m /z5: vmovdqu8 vmovdqu16 vmovdqu32 vmovdqu64
v v /z5: vmovdqu8 vmovdqu16 vmovdqu32 vmovdqu64
m v /k5: vmovdqu8 vmovdqu16 vmovdqu32 vmovdqu64
m v /: vmovntps
v xm /z: vpbroadcastb vpbroadcastw vpbroadcastd vpbroadcastq
v xm /zw: vbroadcastss
v d /z5: vpbroadcastb vpbroadcastw vpbroadcastd
v r /z5: vpbroadcastq
y m /2: vbroadcastf128 vbroadcasti128
v m /z5w: vbroadcastf32x4 vbroadcasti32x4
v m /z5W: vbroadcastf32x8 vbroadcasti32x8
v V /K5: vpgatherdd vgatherdps
v V v /2y: vpgatherdd vgatherdps
vm v /z5: vcompressps vpcompressd
x d /s: vmovd
x m /s: vmovd vmovss
d x /s: vmovd
m x /s: vmovd vmovss
x m /2s: vmovq
m x /2s: vmovq
x r /s: vmovq
r x /s: vmovq
x x x /zs: vmovss
v hm /z: vpmovsxbw vpmovzxbw vpmovsxwd vpmovzxwd vcvtph2ps
v qm /z: vpmovsxbd vpmovzxbd
qm v /z5: vpmovdb vpmovsdb vpmovusdb
hm v /z5: vpmovdw vpmovsdw vpmovwb vpmovswb
hm v i /z: vcvtps2ph
h v /z5w: vcvtneps2bf16
x x d /s: vcvtsi2ss
d x /s: vcvtss2si vcvttss2si
x x xm /zs: vaddss vmulss vsubss vminss vdivss vmaxss vsqrtss vfmadd132ss vfmadd213ss vfmadd231ss vfnmadd231ss
x x xm /zs5: vscalefss
x xm /s: vcomiss
x x xm i /2s: vroundss
x x xm i /z5s: vrndscaless
k v v4 i /k5: vcmpps vpcmpd vpcmpud
k v vm i /k5: vpcmpb vpcmpub
k v v4 /k5: vptestmd vptestnmd
k v vm /k5: vptestmb vptestnmb
d v /2y: vmovmskps vpmovmskb
v k /5: vpmovm2b vpmovm2w vpmovm2d
k v /5: vpmovb2m vpmovd2m
k m /s: kmovb kmovw kmovd kmovq
m k /s: kmovb kmovw kmovd kmovq
k d /s: kmovb kmovw kmovd
d k /s: kmovb kmovw kmovd
k r /s: kmovq
r k /s: kmovq
k k /s: kmovw kmovq knotw kortestw
k k k /s: kxnorb kxnorw kxnord kxnorq kandw kandnw korw kxorw kunpckwd
k k i /s: kshiftrw kshiftrd kshiftrq
r r /s: mov add or and sub xor cmp test imul cmove cmovb cmovg
d d /s: mov add or and sub xor cmp test imul cmovl
r Q /s: mov add sub cmp imul
d D /s: mov add sub cmp imul
Q r /s: mov
D d /s: mov
d B /s: movzx
d H /s: movzx
r D /s: movsxd
r d /s: movsxd
r m /s: lea
d m /s: lea
r i /s: shl shr sar
d i /s: shl shr sar
r I /s: add sub cmp and
d I /s: add sub cmp and
r r I /s: imul
d d I /s: imul
r /s: inc dec neg push pop
d /s: inc dec neg
r r r /s: bzhi
d d d /s: bzhi
m /s: prefetcht0 prefetcht1
/s: cpuid xgetbv vzeroupper ret
m x i /s: vpextrw vextractps
r r /s: tzcnt
d d /s: tzcnt
m x i /s: vpextrb
"""

random.seed(20261123)
R64 = "rax rcx rdx rbx rsp rbp rsi rdi r8 r9 r10 r11 r12 r13 r14 r15".split()
R32 = "eax ecx edx ebx esp ebp esi edi r8d r9d r10d r11d r12d r13d r14d r15d".split()
POINTER = {"Q": "QWORD PTR ", "D": "DWORD PTR ", "H": "WORD PTR ", "B": "BYTE PTR "}


def vector(bits, high):
    number = random.randrange(16, 32) if high and random.random() < 0.6 else random.randrange(16)
    return {128: "xmm", 256: "ymm", 512: "zmm"}[max(128, bits)] + str(number)


def memory(bits, high, index=None):
    base = random.choice(["rax", "rdi", "rsi", "rsp", "rbp", "r8", "r12", "r13", "r15"])
    text = "[" + base
    if index or random.random() < 0.4:
        scale = random.choice([1, 2, 4, 8])
        name = index or random.choice([r for r in R64 if r != "rsp"])
        text += "+" + name + ("" if scale == 1 else "*%d" % scale)
    unit = max(1, bits // 8)
    offset = random.choice([0, 0, unit, -unit, 3 * unit, 127 * unit, -128 * unit, 128 * unit,
                            1, 100, -5, 0x12345678, -0x12345678])
    if offset:
        text += "%s0x%x" % ("-" if offset < 0 else "+", abs(offset))
    return text + "]"


def immediate(mnemonic):
    return str(random.choice([3, 4]) if mnemonic in ("shl", "shr", "sar") else random.randrange(1, 8))


def operand(kind, mnemonic, bits, high, form):
    if kind in ("v", "h", "x", "y", "q"):
        return vector({"v": bits, "h": bits // 2, "q": bits // 4, "x": 128, "y": 256}[kind], high)
    if kind in ("vm", "hm", "xm", "ym", "qm", "v4", "v8"):
        if form == "register":
            return operand(kind[0], mnemonic, bits, high, form)
        if form == "broadcast" and kind in ("v4", "v8"):
            size = int(kind[1])
            return memory(8 * size, high) + "{1to%d}" % (bits // 8 // size)
        return memory({"v": bits, "h": bits // 2, "q": bits // 4, "x": 128, "y": 256}[kind[0]], high)
    if kind == "V":
        return memory(32, high, vector(bits, high))
    if kind in ("m", "Q", "D", "H", "B"):
        return POINTER.get(kind, "") + memory(bits or 32, high)
    if kind == "k":
        return "k%d" % random.randrange(8)
    if kind in ("r", "d"):
        return random.choice([r for r in (R64 if kind == "r" else R32) if r not in ("rsp", "esp")])
    if kind == "i":
        return immediate(mnemonic)
    if kind == "I":
        return str(random.choice([1, 64, 127, 128, -128, -129, 4096, 1000000]))
    raise ValueError(kind)


def cases(shape, flags, mnemonic):
    kinds = shape.split()
    if "s" in flags:
        widths = [128 if any(k in ("x", "xm") for k in kinds) else 0]
    else:
        widths = [512] if "W" in flags else [256, 512] if "w" in flags else [128, 256]
        if not ("2" in flags or "y" in flags) and 512 not in widths:
            widths.append(512)
        if "v" not in "".join(kinds) and "V" not in kinds and "h" not in kinds:
            widths = [256]
    vectors = any(k[0] in "vhqxyV" for k in kinds)
    plain = "2" in flags or not vectors
    forms = ["register"]
    if any(len(k) == 2 for k in kinds):
        forms += ["memory", "memory"]
    if any(k in ("v4", "v8") for k in kinds) and not plain:
        forms.append("broadcast")
    if any(k in ("m", "V", "Q", "D", "H", "B", "I") for k in kinds) or ("s" in flags and kinds):
        forms = forms * 4
    for bits in widths:
        for form in forms:
            for high in [False] if plain else [False, True]:
                operands = [operand(k, mnemonic, bits, high, form) for k in kinds]
                if "V" in kinds:
                    distinct = re.findall(r"mm(\d+)", " ".join(operands))
                    if len(set(distinct)) < len(distinct):
                        continue
                if operands and "K" in flags:
                    operands[0] += "{k%d}" % random.randrange(1, 8)
                elif operands and high and random.random() < 0.5 and ("z" in flags or "k" in flags):
                    operands[0] += "{k%d}" % random.randrange(1, 8)
                    if "z" in flags and "[" not in operands[0] and random.random() < 0.5:
                        operands[0] += "{z}"
                yield mnemonic, operands


def lines():
    for row in SHAPES.strip().splitlines():
        left, names = row.split(":")
        shape, flags = left.split("/")
        for name in names.split():
            mnemonic = name.replace("{vex}", "")
            for _, operands in cases(shape, flags.strip(), mnemonic):
                text = mnemonic + (" " + ", ".join(operands) if operands else "")
                # Moves between registers have two encodings; ours has the destination in ModRM.reg.
                pseudo = "{vex} " if "{vex}" in name else "{load} " if name.startswith("vmov") else ""
                yield text, pseudo + text
    for text in ("mov eax, 5", "mov r9d, 2147483648", "mov rdx, -5", "mov r13, -2147483648",
                 "movabs r10, 1311768467463790320", "movabs rcx, -2147483649"):
        yield text, text
    for condition in "o no b ae e ne be a s ns p np l ge le g".split():
        yield "short j" + condition, "1: nop; j%s 1b" % condition
        yield "back j" + condition, "1: .fill 200, 1, 0x90; j%s 1b" % condition
    yield "short jmp", "1: nop; jmp 1b"
    yield "back jmp", "1: .fill 200, 1, 0x90; jmp 1b"


def assemble(texts):
    """The bytes of each text: every one is assembled at its own label, all in one run."""
    with tempfile.TemporaryDirectory() as folder:
        source, out, raw = (folder + "/" + n for n in ("s.s", "s.o", "s.bin"))
        with open(source, "w") as file:
            file.write(".intel_syntax noprefix\n")
            for i, text in enumerate(texts):
                file.write(".balign 256, 0\n.Lb%d: %s\n.Le%d:\n" % (i, text, i))
            file.write(".data\n")
            for i in range(len(texts)):
                file.write(".long .Le%d-.Lb%d, .Lb%d-.Lb0\n" % (i, i, i))
        subprocess.run(["as", "--64", "-o", out, source], check=True)
        sections = {}
        for name in (".text", ".data"):
            subprocess.run(["objcopy", "-O", "binary", "-j", name, out, raw], check=True)
            with open(raw, "rb") as file:
                sections[name] = file.read()
        for i in range(len(texts)):
            length, at = (int.from_bytes(sections[".data"][8 * i + 4 * j:8 * i + 4 * j + 4], "little") for j in (0, 1))
            yield sections[".text"][at:at + length].hex()


pairs = list(dict.fromkeys(lines()))
version = subprocess.run(["as", "--version"], capture_output=True, text=True, check=True).stdout.splitlines()[0]
print("# Made by make_encodings.py with", version)
for (text, _), code in zip(pairs, assemble([p[1] for p in pairs])):
    print(code[-12 if text.startswith("back") else 0:] + " " + text)
