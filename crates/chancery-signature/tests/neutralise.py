"""Takes each check away, one at a time, and says which tests notice.

usage: neutralise.py COPY [CHECK ...]

COPY is a copy of the whole project that may be broken; CHECK restricts to some numbers, or to one
part as NUMBER:PART. Reads neutralise.tsv beside it. Exit 0 only if every row is noticed by a test whose name has its number.
"""
import os, re, subprocess, sys
here = os.path.dirname(os.path.abspath(__file__))
copy, only = sys.argv[1], sys.argv[2:]
survived = 0
def tests_of(name):
    """The crate whose tests notice: that of the file, if it judges by itself."""
    own = name.split('/')[0]
    own = 'chancery-xades' if own == 'chancery-xml' else own
    return own if own in ('chancery-trust', 'chancery-xades') else 'chancery-signature'


for line in open(os.path.join(here, 'neutralise.tsv'), encoding='utf8'):
    if line.startswith('#') or not line.strip():
        continue
    check, name, text, other, why = line.rstrip('\n').split('\t')
    if only and not {check, f'{check}:{why}'} & set(only):
        continue
    path = os.path.join(copy, 'crates', name)
    source = open(path, encoding='utf8').read()
    text, other = text.replace('\\n', '\n'), other.replace('\\n', '\n')
    if source.count(text) != 1:
        print(f'{check}\t{name}\t{why}\tTEXT FOUND {source.count(text)} TIMES', flush=True)
        survived += 1
        continue
    open(path, 'w', encoding='utf8').write(source.replace(text, other))
    try:
        run = subprocess.run(
            ['cargo', 'test', '--offline', '-q', '-p', tests_of(name), '--lib', '--test', 'it',
             *os.environ.get('CARGO_EXTRA', '').split(), '--', '--test-threads=2', f'check_{int(check):02}_'],
            cwd=copy, capture_output=True, text=True, timeout=900)
    finally:
        open(path, 'w', encoding='utf8').write(source)
    output = run.stdout + run.stderr
    if 'could not compile' in output:
        error = re.search(r'^error.*', output, re.M)
        print(f'{check}\t{name}\t{why}\tDOES NOT COMPILE {error and error.group(0)}', flush=True)
        survived += 1
        continue
    failed = sorted(set(re.findall(r'^test (\S+) \.\.\. FAILED|^    (\S*check_\S+)$', output, re.M)))
    failed = sorted({one or other for one, other in failed})
    own = [one for one in failed if f'check_{int(check):02}_' in one]
    survived += not own
    print(f'{check}\t{name}\t{why}\t{"noticed" if own else "SURVIVED"}\t{" ".join(failed)}', flush=True)
print(f'{survived} survived')
sys.exit(bool(survived))
