# SPDX-License-Identifier: GPL-2.0
# Called by report.py: gnuplot -c plots.gp DATA-DIR OUT-DIR KERNEL
data = ARG1
kernel = ARG3
# What was not measured has no plot.
known(name) = int(system("wc -l <".data."/".name)) > 0
at(groups) = groups < 1 ? 1 : groups

set datafile separator "\t"
set datafile missing "?"
set border 3
set tics nomirror
set grid ytics lc rgb "#dddddd"
set style fill solid 0.8 noborder
set boxwidth 0.7

do for [format in "svg png"] {
	if (format eq "svg") {
		set terminal svg size 760,420 font "sans,12" background "#ffffff"
	} else {
		set terminal pngcairo size 1140,630 font "sans,12" background "#ffffff"
	}
	file(name) = sprintf("%s/%s-%s.%s", ARG2, name, kernel, format)

	# Lines.
	set key top left
	set logscale xy
	if (known("groups")) {
		set output file("groups")
		set title sprintf("Acting as a client and back, Linux %s", kernel)
		set xlabel "groups of the client"
		set ylabel "instructions"
		set xtics ("0" 1, "4" 4, "16" 16, "128" 128, "1,024" 1024, "65,536" 65536)
		plot data."/groups" using (at($1)):5 with linespoints lw 2 title "Samba", \
			"" using (at($1)):4 with linespoints lw 2 title "nfs-ganesha", \
			"" using (at($1)):2 with linespoints lw 2 title "ntimp: impersonate, revert", \
			"" using (at($1)):3 with linespoints lw 2 title "ntimp: replace"
	}
	if (known("contexts")) {
		set output file("contexts")
		set title sprintf("With many contexts at a time, Linux %s, emulated", kernel)
		set xlabel "contexts"
		set ylabel "ns"
		set xtics ("1" 1, "10,000" 10000, "1,000,000" 1000000)
		plot data."/contexts" using 1:2 with linespoints lw 2 title "make one", \
			"" using 1:3 with linespoints lw 2 title "first use", \
			"" using 1:5 with linespoints lw 2 title "impersonate, ask which, revert", \
			"" using 1:4 with linespoints lw 2 title "impersonate, revert"
	}

	# Bars.
	unset logscale
	unset key
	unset xlabel
	set ylabel "instructions"
	set xtics autofreq rotate by 20 right
	if (known("ways")) {
		set output file("ways")
		set title sprintf("Acting as a client with 16 groups and back, Linux %s", kernel)
		set logscale y
		set yrange [100:]
		plot data."/ways" using 0:2:xtic(1) with boxes lc rgb "#4477aa", \
			"" using 0:2:3 with labels offset 0,0.7
		unset logscale y
	}
	if (known("opens")) {
		set output file("opens")
		set title sprintf("Opening a file as a client with 16 groups, Linux %s", kernel)
		set yrange [0:*]
		plot data."/opens" using 0:2:xtic(1) with boxes lc rgb "#4477aa", \
			"" using 0:2:3 with labels offset 0,0.7
	}
	set autoscale y
	set xtics norotate
}
