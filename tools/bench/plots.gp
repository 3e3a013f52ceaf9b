# SPDX-License-Identifier: GPL-2.0
# Called by report.py: gnuplot -c plots.gp DATA-DIR OUT-DIR KERNEL
data = ARG1
kernel = ARG3
set datafile separator "\t"
set datafile missing "?"
set grid ytics lc rgb "#dddddd"
set border 3
set tics nomirror

do for [format in "svg png"] {
	if (format eq "svg") {
		set terminal svg size 760,420 font "sans,12" background "#ffffff"
	} else {
		set terminal pngcairo size 1140,630 font "sans,12" background "#ffffff"
	}
	file(name) = sprintf("%s/%s-%s.%s", ARG2, name, kernel, format)

	set output file("groups")
	set title sprintf("Acting as a client and back, Linux %s", kernel)
	set xlabel "groups of the client"
	set ylabel "instructions"
	set logscale xy
	set key top left
	set xtics ("0" 1, "4" 4, "16" 16, "128" 128, "1,024" 1024, "65,536" 65536)
	at(n) = n < 1 ? 1 : n
	plot data."/groups" using (at($1)):5 with linespoints lw 2 title "Samba", \
		"" using (at($1)):4 with linespoints lw 2 title "nfs-ganesha", \
		"" using (at($1)):2 with linespoints lw 2 title "ntimp: impersonate, revert", \
		"" using (at($1)):3 with linespoints lw 2 title "ntimp: replace"

	set output file("contexts")
	set title sprintf("With many contexts at a time, Linux %s, emulated", kernel)
	set xlabel "contexts"
	set ylabel "ns"
	set xtics ("1" 1, "10,000" 10000, "1,000,000" 1000000)
	plot data."/contexts" using 1:2 with linespoints lw 2 title "make one", \
		"" using 1:3 with linespoints lw 2 title "first use", \
		"" using 1:5 with linespoints lw 2 title "impersonate, ask which it is, revert", \
		"" using 1:4 with linespoints lw 2 title "impersonate, revert"

	unset key
	unset xlabel
	unset logscale x
	set style fill solid 0.8 noborder
	set boxwidth 0.7
	set xtics autofreq rotate by 20 right

	set output file("ways")
	set title sprintf("Acting as a client with 16 groups and back, Linux %s", kernel)
	set ylabel "instructions"
	set yrange [100:]
	plot data."/ways" using 0:2:xtic(1) with boxes lc rgb "#4477aa", \
		"" using 0:2:3 with labels offset 0,0.7
	set output file("opens")
	unset logscale y
	set yrange [0:*]
	set title sprintf("Opening a file as a client with 16 groups, Linux %s", kernel)
	plot data."/opens" using 0:2:xtic(1) with boxes lc rgb "#4477aa", \
		"" using 0:2:3 with labels offset 0,0.7
	set yrange [*:*]
	set xtics norotate
	set key
}
