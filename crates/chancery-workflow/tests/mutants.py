"""Breaks the engine in one place after another and says which tests notice.

usage: mutants.py COPY [NAME ...]

COPY is a copy of the whole project that may be broken; NAME restricts to some mutants. Reads
mutants.tsv beside it: the mutant's name, a file beneath src/, its text with the part that is replaced
in brackets ⟦⟧ (the whole text without them), what stands there instead, the test that must notice
(FIND runs every test that is quick, to find one), and why.

All of them are built at once, each behind a variable of the environment, so that there is one build.
Exit 0 only if every named test passes without a mutant, and fails with its own.
"""
import os, re, subprocess, sys

here = os.path.dirname(os.path.abspath(__file__))
copy, only = sys.argv[1], sys.argv[2:]
crate = os.path.join(copy, 'crates', 'chancery-workflow')
SLOW = ['simulation::', 'crowds::', 'model::', 'importing::', 'exploring::', 'every_chain_is_explored']
GUARD = '''
/// Which mutant is awake.
pub(crate) mod mutant {
    static AWAKE: std::sync::LazyLock<String> =
        std::sync::LazyLock::new(|| std::env::var("CHANCERY_MUTANT").unwrap_or_default());

    pub(crate) fn is(name: &str) -> bool {
        *AWAKE == name
    }
}
'''


def rows():
    for line in open(os.path.join(here, 'mutants.tsv'), encoding='utf8'):
        if line.strip() and not line.startswith('#'):
            yield line.rstrip('\n').split('\t')


def put(name, file, text, other):
    """Puts a mutant to sleep at its place."""
    path = os.path.join(crate, 'src', file)
    source = open(path, encoding='utf8').read()
    text, other = text.replace('\\n', '\n'), other.replace('\\n', '\n')
    before, part, after = re.fullmatch('(?s)(?:(.*)⟦)?(.*?)(?:⟧(.*))?', text).groups()
    whole = (before or '') + part + (after or '')
    if source.count(whole) != 1:
        sys.exit(f'{name}: {file} has the text {source.count(whole)} times')
    guarded = f'if crate::mutant::is("{name}") {{ {other} }} else {{ {part} }}'
    guarded = guarded if part.endswith(';') else f'({guarded})'
    source = source.replace(whole, (before or '') + guarded + (after or ''))
    open(path, 'w', encoding='utf8').write(source)


def play(binary, mutant, tests):
    """The tests that fail; `tests` are exact names, or none for all that are quick."""
    chosen = ['--exact', *tests] if tests else [flag for slow in SLOW for flag in ('--skip', slow)]
    run = subprocess.run([binary, *chosen, '--test-threads=2'], cwd=crate, capture_output=True, text=True,
                         env={**os.environ, 'CHANCERY_MUTANT': mutant, 'RUST_BACKTRACE': '0'}, timeout=900)
    # Not even run is not noticed.
    if tests and f'running {len(tests)} test' not in run.stdout:
        sys.exit(f'{mutant}: there is no test {" or ".join(tests)}')
    return sorted(set(re.findall(r'^test (\S+)(?: - should panic)? \.\.\. FAILED$', run.stdout, re.M)))


table = [row for row in rows() if not only or row[0] in only]
for name, file, text, other, _, _ in table:
    put(name, file, text, other)
library = os.path.join(crate, 'src', 'lib.rs')
with open(library, 'a', encoding='utf8') as end:
    end.write(GUARD)
build = subprocess.run(['cargo', 'test', '--offline', '-p', 'chancery-workflow', '--test', 'it', '--no-run'],
                       cwd=copy, capture_output=True, text=True)
found = re.search(r'Executable .*\((.*)\)', build.stderr)
if build.returncode or not found:
    sys.exit(build.stdout + build.stderr)
binary = os.path.join(copy, found.group(1))
named = sorted({row[4] for row in table if row[4] != 'FIND'})
failed = play(binary, '', named) if named else []
if failed:
    sys.exit(f'without a mutant fails: {" ".join(failed)}')
survived = 0
for name, file, _, _, test, why in table:
    failed = play(binary, name, [] if test == 'FIND' else [test])
    survived += not failed
    print(f'{name}\t{"killed" if failed else "SURVIVED"}\t{" ".join(failed)}', flush=True)
print(f'{len(table)} mutants, {survived} survived')
sys.exit(bool(survived))
