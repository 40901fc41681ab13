#!/usr/bin/perl
# The launcher of one run: starts a command, owns its log, and records how it ended, without needing the server.
#
#   perl launcher.pl RUN_ID LOG START_FILE EXIT_FILE CWD CGROUP_LEAF_OR_EMPTY -- PROGRAM [ARGUMENT ...]
#
# Why Perl: perl-base is Essential on Debian and Ubuntu and costs ~5 MB. bash cannot tell a signal from exit code
# 128+n, and a Node process would cost 40 MB per instance. Only modules of perl-base are used.
#
# The server spawns it detached (so it leads a session of its own), with the environment of the run. There is no pipe
# to the server: START_FILE says that the command runs (or why it does not), EXIT_FILE how it ended.
use strict;
use warnings;
no warnings 'exec';
use Fcntl qw(O_RDONLY O_WRONLY O_APPEND O_CREAT O_TRUNC);
use IO::Handle;
use POSIX ();

my ($run_id, $log, $start_file, $exit_file, $cwd, $cgroup, $dashes, @command) = @ARGV;
die "launcher.pl is started by AiKore, not by hand\n" unless defined $dashes && $dashes eq '--' && @command;

# Nothing of the server's may stay open here: a listening socket would outlive the server and block its port.
if (opendir my $fds, '/proc/self/fd') {
    my @open = grep { /^\d+$/ && $_ > 2 } readdir $fds;
    closedir $fds;
    POSIX::close($_) for @open;
}

# A TERM for the whole tree must not silence the one that reports how it ended. KILL still works.
my @ignored = qw(HUP INT QUIT TERM PIPE USR1 USR2);
$SIG{$_} = 'IGNORE' for @ignored;

# Child subreaper (prctl 36): whatever double-forks away from the command becomes our child instead of init's, so the
# tree stays one tree, even for processes that changed their session and cleared their environment.
my %prctl = (x86_64 => 157, aarch64 => 167, riscv64 => 167);
my $number = $prctl{(POSIX::uname())[4]};
syscall($number, 36, 1, 0, 0, 0) if $number;

sub slurp { my ($path) = @_; open(my $in, '<', $path) or return ''; local $/; my $text = <$in>; $text // '' }

# Writes and renames into place; true when that worked. Made durable afterwards when asked: who waits for the news need
# not wait for the disk, and a machine that stops in between loses the file, as it loses the run.
sub publish {
    my ($handle, $path, $text, $durable) = @_;
    sysseek($handle, 0, 0);
    return 0 unless (syswrite($handle, $text) // -1) == length $text;
    return 0 unless ($durable || close($handle)) && rename("$path.tmp", $path);
    return 1 unless $durable;
    $handle->sync;
    close($handle);
    (my $folder = $path) =~ s{/[^/]*$}{};
    if (sysopen(my $dir, $folder, O_RDONLY)) { $dir->sync }
    return 1;
}

# Opens the file that will be published, and takes its blocks now: a disk that fills up later costs us no report.
sub reserve {
    my ($path, $size) = @_;
    sysopen(my $out, "$path.tmp", O_WRONLY | O_CREAT | O_TRUNC, 0600) or return undef;
    return (syswrite($out, ' ' x $size) // -1) == $size ? $out : undef;
}

my ($start_out, $exit_out);

sub give_up {
    my ($step, $errno) = @_;
    unlink "$exit_file.tmp";
    unlink $log if -z $log;
    publish($start_out, $start_file, sprintf('{"error":"%s","errno":%d}', $step, $errno), 0) if $start_out;
    POSIX::_exit(1);
}

$start_out = reserve($start_file, 1024) // give_up('run_dir', $!);
$exit_out = reserve($exit_file, 128) // give_up('run_dir', $!);

chdir $cwd or give_up('cwd', $!);
sysopen(my $log_out, $log, O_WRONLY | O_APPEND | O_CREAT, 0640) or give_up('log', $!);
sysopen(my $null, '/dev/null', O_RDONLY) or give_up('log', $!);
POSIX::dup2(fileno($null), 0);
POSIX::dup2(fileno($log_out), $_) for 1, 2;
close $null;
close $log_out;

# The pipe closes by itself when exec succeeds ($^F: our handles are close-on-exec) and carries errno when it fails.
pipe(my $result, my $report) or give_up('launcher', $!);
my $child = fork() // give_up('launcher', $!);
if ($child == 0) {
    POSIX::setpgid(0, 0);
    # The leaf holds the command, not the launcher: cgroup.kill then ends the run and leaves us to say so. When the
    # kernel refuses (no delegation), the server sweeps by parent, session and environment instead.
    if (length $cgroup && sysopen(my $procs, "$cgroup/cgroup.procs", O_WRONLY)) { syswrite($procs, "0\n") }
    $SIG{$_} = 'DEFAULT' for @ignored;
    POSIX::sigprocmask(POSIX::SIG_SETMASK(), POSIX::SigSet->new);
    exec { $command[0] } @command;
    syswrite($report, $! + 0);
    POSIX::_exit(127);
}
close $report;
if (sysread($result, my $errno, 16)) { waitpid($child, 0); give_up('command', $errno) }
close $result;
chdir '/';

my ($boot_id) = slurp('/proc/sys/kernel/random/boot_id') =~ /([0-9a-f-]+)/;
my $start_time = (split ' ', slurp('/proc/self/stat') =~ s/^.*\) //sr)[19];
(my $leaf = $cgroup) =~ s/(["\\])/\\$1/g;
my $started = sprintf '{"run_id":"%s","boot_id":"%s","pid":%d,"start_time":%s,"cgroup":"%s"}',
    $run_id, $boot_id, $$, $start_time, $leaf;
unless (publish($start_out, $start_file, $started, 0)) {
    my $why = $!;
    kill 'KILL', -$child;
    waitpid($child, 0);
    give_up('run_dir', $why);
}

# Reap until nothing is left: the command's end is reported at once, the rest is kept under one roof until it is gone.
while (1) {
    my $pid = waitpid(-1, 0);
    if ($pid == -1) { $! == POSIX::EINTR() ? next : last }
    next unless $pid == $child;
    my $signal = $? & 127;
    publish($exit_out, $exit_file, sprintf('{"code":%s,"signal":%s,"ended_at":%d}',
        $signal ? 'null' : $? >> 8, $signal || 'null', time), 1);
}
POSIX::_exit(0);
