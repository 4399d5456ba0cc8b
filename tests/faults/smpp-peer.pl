#!/usr/bin/perl
# A short message centre on Net::SMPP (Debian: libnet-smpp-perl), for the drill of smpp.ts. The protocol is the library's; here
# stands only what the centre does, by the last figure of the number: 1 takes it, reports it and lets the phone answer, 2 is
# throttled once, 3 is never answered, 4 hangs up.
use strict;
use warnings;
use Net::SMPP;

$| = 1;
my $listen = Net::SMPP->new_listen('127.0.0.1', port => 0, smpp_version => 0x34, async => 1) or die "cannot listen: $!";
print 'port ', $listen->sockport, "\n";
my ($next, %throttled) = (0);
while (my $link = $listen->accept) {
    $link->set_version(0x34);
    ${*$link}{async} = 1;
    while (my $pdu = $link->read_pdu) {
        my ($cmd, $seq) = @{$pdu}{qw(cmd seq)};
        if ($cmd == 0x09) { $link->bind_transceiver_resp(system_id => 'centre', seq => $seq); print "bound\n"; }
        elsif ($cmd == 0x15) { $link->enquire_link_resp(seq => $seq); }
        elsif ($cmd == 0x06) { $link->unbind_resp(seq => $seq); last; }
        elsif ($cmd == 0x80000005) { print "kept $pdu->{status}\n"; }
        elsif ($cmd == 0x04) {
            my $to = $pdu->{destination_addr};
            my ($what) = $to =~ /(\d)$/;
            print join(' ', 'got', $to, $pdu->{data_coding}, $pdu->{esm_class}, unpack('H*', $pdu->{short_message})), "\n";
            if ($what == 4) { last; }
            next if $what == 3;
            if ($what == 2 && !$throttled{$to}++) { $link->submit_sm_resp(status => 0x58, message_id => '', seq => $seq); next; }
            my $id = sprintf 'c%06d', ++$next;
            $link->submit_sm_resp(message_id => $id, seq => $seq);
            if ($what == 1) {
                my $receipt = "id:$id sub:001 dlvrd:001 submit date:2611251200 done date:2611251200 stat:DELIVRD err:000 text:";
                $link->deliver_sm(source_addr => $to, destination_addr => $pdu->{source_addr}, esm_class => 0x04, data_coding => 0, short_message => $receipt, async => 1);
                $link->deliver_sm(source_addr => $to, destination_addr => $pdu->{source_addr}, esm_class => 0, data_coding => 8, short_message => pack('H*', '8c228c22'), async => 1) if $next == 1;
            }
        }
    }
    print "closed\n";
    close $link;
}
